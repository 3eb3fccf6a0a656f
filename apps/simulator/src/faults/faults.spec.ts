import { aCustomer, aSimulator, failureOf, offSession, type Running, stopAll } from '../simulator.examples.js';
import { seededFraction } from './seeded-choice.js';

const createPath = { method: 'POST', path: '/v1/payment_intents' };

describe('faults that were asked for', () => {
  let at: Running;
  let payer: { customer: string; method: string };
  beforeEach(async () => {
    at = await aSimulator();
    payer = await aCustomer(at.stripe);
  });
  afterEach(stopAll);

  const intents = async () => (await at.stripe.paymentIntents.list({ customer: payer.customer })).data;
  const charge = (key: string, metadata: Record<string, string> = {}) =>
    at.connect(undefined, 300).paymentIntents.create({ ...offSession(payer), metadata }, { idempotencyKey: key });

  it.each([
    ['error_before', 500, undefined],
    ['rate_limit', 429, 'rate_limit'],
    ['lock_timeout', 429, 'lock_timeout'],
    ['key_in_use', 409, 'idempotency_key_in_use'],
  ])('%s answers %d, does nothing, and leaves the key free', async (kind, statusCode, code) => {
    await at.control('POST', '/faults', { kind, ...createPath });
    expect(await failureOf(charge('k'))).toMatchObject({ statusCode, ...(code && { code }) });
    expect(await intents()).toEqual([]);
    expect((await charge('k')).status).toBe('succeeded');
  });

  it.each(['timeout_before', 'reset_before'])('%s loses the request', async (kind) => {
    // The SDK itself repeats a request once when its connection was closed, whatever maxNetworkRetries says.
    await at.control('POST', '/faults', { kind, times: 2, ms: 5_000, ...createPath });
    expect((await failureOf(charge('k'))).type).toBe('StripeConnectionError');
    expect(await intents()).toEqual([]);
  });

  it.each(['timeout_after', 'reset_after'])('%s loses the answer to what was done, which the key gives later', async (kind) => {
    await at.control('POST', '/faults', { kind, times: 2, ms: 5_000, ...createPath });
    expect((await failureOf(charge('k'))).type).toBe('StripeConnectionError');
    const [done] = await intents();
    expect(done?.status).toBe('succeeded');
    await at.control('DELETE', '/faults');
    expect((await charge('k')).id).toBe(done?.id);
  });

  it('error_after does the work, and replays the 500 as Stripe does', async () => {
    await at.control('POST', '/faults', { kind: 'error_after', ...createPath });
    expect(await failureOf(charge('k'))).toMatchObject({ statusCode: 500 });
    expect(await failureOf(charge('k'))).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
    expect(await intents()).toHaveLength(1);
  });

  it('error_after can also be mended by the key', async () => {
    await at.control('POST', '/faults', { kind: 'error_after', replays: 'answer', ...createPath });
    expect(await failureOf(charge('k'))).toMatchObject({ statusCode: 500 });
    expect((await charge('k')).id).toBe((await intents())[0]?.id);
  });

  it('strikes only the requests that match by path and metadata, and as often as was asked', async () => {
    await at.control('POST', '/faults', { kind: 'error_before', metadata: { payment: 'p-1' }, times: 2 });
    expect((await charge('a', { payment: 'p-2' })).status).toBe('succeeded');
    expect((await failureOf(charge('b', { payment: 'p-1' }))).statusCode).toBe(500);
    const other = await at.stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      customer: payer.customer,
      metadata: { payment: 'p-3' },
    });
    await at.control('POST', '/faults', { kind: 'error_before', path: '/v1/payment_intents/*/confirm', metadata: { payment: 'p-3' } });
    expect((await failureOf(at.stripe.paymentIntents.confirm(other.id, { payment_method: payer.method }))).statusCode).toBe(500);
    expect((await failureOf(charge('b', { payment: 'p-1' }))).statusCode).toBe(500);
    expect((await charge('b', { payment: 'p-1' })).status).toBe('succeeded');
  });

  it('strikes by chance the same requests for the same seed, and others for another', async () => {
    const run = async (seed: string) => {
      await at.control('DELETE', '/faults');
      await at.control('POST', '/faults', { kinds: ['error_before', 'rate_limit'], probability: 0.4, seed, ...createPath });
      const statuses: (number | undefined)[] = [];
      for (let index = 0; index < 40; index += 1) {
        const attempt = at.stripe.paymentIntents.create(offSession(payer));
        statuses.push(
          await attempt.then(
            () => 200,
            (error: { statusCode?: number }) => error.statusCode,
          ),
        );
      }
      return statuses;
    };
    const first = await run('7');
    expect(new Set(first)).toEqual(new Set([200, 429, 500]));
    expect(await run('7')).toEqual(first);
    expect(await run('8')).not.toEqual(first);
    const { body } = await at.control('GET', '/stats');
    expect(Object.keys(Object(body.requestFaults))).toEqual(expect.arrayContaining(['error_before', 'rate_limit']));
  });

  it('refuses a fault that it does not know', async () => {
    expect(await at.control('POST', '/faults', { kind: 'earthquake' })).toMatchObject({ status: 400 });
    expect(await at.control('POST', '/faults', {})).toMatchObject({ status: 400 });
  });

  it('spreads seeded chances evenly', () => {
    const fractions = Array.from({ length: 20_000 }, (_, ordinal) => seededFraction('seed', ordinal, 'strikes'));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = fractions.filter((each) => Math.floor(each * 10) === tenth).length / fractions.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
    }
  });
});
