import type { Meter } from '#pricing/meter.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';
import { used } from '../support/used.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

const asOwner = (statement: string, values: unknown[]) =>
  platform.database.transaction(async (sql) => {
    await sql.query('set local role postgres');
    await sql.query(statement, values);
  });

describe('A subscription that cannot be billed', () => {
  it('is set aside with the reason, holds up no other, and is billed again once it is retried', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const [broken, sound] = [await story.account({ testClockId: clock }), await story.account({ testClockId: clock })];
    const { id } = await story.subscription(broken.id);
    const { id: other } = await story.subscription(sound.id);
    expect((await platform.get('/v1/billing-failures').expect(200)).body).toEqual({ count: 0, data: [] });

    await asOwner(`create table invoicing.lost as select * from invoicing.billing_terms where id = '${broken.id}'`, []);
    await asOwner('delete from invoicing.billing_terms where id = $1::uuid', [broken.id]);
    await story.advance(clock, '2026-03-01T00:00:00Z');
    expect(await story.invoices(other)).toHaveLength(2);
    expect(await story.invoices(id)).toHaveLength(1);
    const { body } = await platform.get('/v1/billing-failures').expect(200);
    expect(body).toEqual({
      count: 1,
      data: [
        {
          subscriptionId: id,
          dueAt: '2026-02-28T15:00:00.000Z',
          setAsideAt: expect.any(String),
          reason: expect.stringContaining(broken.id),
        },
      ],
    });

    expect((await platform.get('/metrics').expect(200)).text).toContain('perennial_billing_failures 1');

    await asOwner('insert into invoicing.billing_terms select * from invoicing.lost', []);
    await platform.post(`/v1/subscriptions/${id}/retry-billing`, { reason: '' }).expect(422);
    await platform.post(`/v1/subscriptions/${id}/retry-billing`, { reason: 'The terms are back.' }).expect(200);
    expect((await platform.get('/v1/billing-failures').expect(200)).body.count).toBe(0);
    await story.advance(clock, '2026-03-02T00:00:00Z');
    expect((await story.invoices(id)).map(({ issuedAt }) => issuedAt)).toEqual(['2026-01-31T15:00:00.000Z', '2026-02-28T15:00:00.000Z']);
  });

  it('for what it used late is retried too, also when it has ended', async () => {
    const shared = { kind: 'usage', model: 'perUnit', taxBehavior: 'exclusive', meter: { metric: 'calls', aggregation: 'sum' } };
    await story.plan({ code: 'metered', prices: [{ ...shared, code: 'calls', currencies: { USD: { unitAmount: '100' } } }] });
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const account = await story.account({ testClockId: clock });
    const { id } = await story.subscription(account.id, { planCode: 'metered' });
    await story.advance(clock, '2026-02-01T00:00:00Z');
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    await used(platform.database, id, shared.meter as Meter, '2026-01-31T15:00:00Z', '3');
    await asOwner(`create table invoicing.lost_too as select * from invoicing.billing_terms where id = '${account.id}'`, []);
    await asOwner('delete from invoicing.billing_terms where id = $1::uuid', [account.id]);
    await story.advance(clock, '2026-02-08T00:00:00Z');
    const { body } = await platform.get('/v1/billing-failures').expect(200);
    expect(body).toMatchObject({ count: 1, data: [{ subscriptionId: id, dueAt: '2026-02-08T00:00:00.000Z' }] });

    await asOwner('insert into invoicing.billing_terms select * from invoicing.lost_too', []);
    await platform.post(`/v1/subscriptions/${id}/retry-billing`, { reason: 'The terms are back.' }).expect(200);
    await story.advance(clock, '2026-02-09T00:00:00Z');
    expect((await story.invoices(id)).map(({ issuedAt, total }) => [issuedAt, total.amount])).toEqual([['2026-02-08T00:00:00.000Z', 300]]);
    await platform.post(`/v1/subscriptions/${id}/retry-billing`, { reason: 'Once more.' }).expect(409);
  });

  it('that does not exist cannot be retried', async () => {
    const { body } = await platform
      .post('/v1/subscriptions/0190f0c8-1111-7000-8000-00000000002a/retry-billing', { reason: 'Why not.' })
      .expect(404);
    expect(body.code).toBe('subscription_not_found');
  });
});
