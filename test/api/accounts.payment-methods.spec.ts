import { randomUUID } from 'node:crypto';
import { startPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const ada = { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD' };
const visa = { type: 'card', brand: 'visa', last4: '4242', isDefault: true };

async function eventsOf(accountId: string): Promise<{ event_type: string; payload: Record<string, unknown> }[]> {
  return platform.database.query('select event_type, payload from es.event where stream_id = $1 order by version', [accountId]);
}

async function created(body: object = {}): Promise<{ id: string }> {
  return (await platform.post('/v1/accounts', { ...ada, ...body }).expect(201)).body;
}

describe('The payment methods of an account', () => {
  const path = (id: string, rest = '') => `/v1/accounts/${id}/payment-methods${rest}`;

  it('are added, made the default, and removed', async () => {
    const { id } = await created({ paymentMethod: { token: 'pm_card_visa' } });
    const added = await platform.post(path(id), { token: 'pm_card_mastercard' }).expect(201);
    expect(added.body).toMatchObject({ brand: 'mastercard', last4: '4444', isDefault: false });
    expect(added.headers).toMatchObject({ etag: '"3"', location: path(id, `/${added.body.id}`) });
    const list = await platform.get(path(id)).expect(200);
    expect(list.body).toMatchObject({ data: [{ brand: 'mastercard', isDefault: false }, visa], nextCursor: null });

    const chosen = await platform
      .post(path(id, `/${added.body.id}/default`))
      .set('If-Match', '"3"')
      .expect(200);
    expect(chosen.body).toMatchObject({ id: added.body.id, isDefault: true });
    expect(chosen.headers.etag).toBe('"4"');

    const removed = await platform.delete(path(id, `/${added.body.id}`)).expect(204);
    expect(removed.text).toBe('');
    expect((await platform.get(`/v1/accounts/${id}`)).body.paymentMethods).toMatchObject([visa]);
    expect((await platform.delete(path(id, `/${added.body.id}`)).expect(404)).body.code).toBe('payment_method_not_found');
  });

  it('belong to one customer of the gateway', async () => {
    const { id } = await created({ paymentMethod: { token: 'pm_card_visa' } });
    await platform.post(path(id), { token: 'pm_card_mastercard', isDefault: true }).expect(201);
    const [, first, second] = (await eventsOf(id)).map(({ payload }) => payload.gateway as { customerId: string; methodId: string });
    expect(second!.customerId).toBe(first!.customerId);
    expect(second!.methodId).not.toBe(first!.methodId);
  });

  it('are listed page by page', async () => {
    const { id } = await created({ paymentMethod: { token: 'pm_card_visa' } });
    await platform.post(path(id), { token: 'pm_card_mastercard' }).expect(201);
    const first = await platform.get(path(id, '?limit=1')).expect(200);
    const second = await platform.get(path(id, `?limit=1&cursor=${first.body.nextCursor}`)).expect(200);
    expect([...first.body.data, ...second.body.data]).toMatchObject([{ brand: 'mastercard' }, { brand: 'visa' }]);
    expect(second.body.nextCursor).toBeNull();
  });

  it('added twice with one key are one', async () => {
    const { id } = await created();
    const add = () => platform.post(path(id), { token: 'pm_card_visa' }).set('Idempotency-Key', `add-${id}`).expect(201);
    const [first, second] = [await add(), await add()];
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect((await platform.get(path(id))).body.data).toHaveLength(1);
  });

  it('removed with a key are gone once, and the repetition is answered the same', async () => {
    const { id } = await created({ paymentMethod: { token: 'pm_card_visa' } });
    const [{ id: methodId }] = (await platform.get(path(id))).body.data;
    const remove = () =>
      platform
        .delete(path(id, `/${methodId}`))
        .set('Idempotency-Key', `remove-${id}`)
        .expect(204);
    await remove();
    expect((await remove()).headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"3"' });
  });

  it('are refused where the gateway refuses them', async () => {
    const { id } = await created();
    const { body } = await platform.post(path(id), { token: 'pm_card_nobody_has' }).expect(422);
    expect(body).toMatchObject({ code: 'payment_method_refused', errors: [{ pointer: '/token' }] });
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('are those of an account that there is', async () => {
    expect((await platform.get(path(randomUUID())).expect(404)).body.code).toBe('account_not_found');
    expect((await platform.post(path(randomUUID()), { token: 'pm_card_visa' }).expect(404)).body.code).toBe('account_not_found');
  });
});
