import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import supertest from 'supertest';
import { CommandBus } from '#event-sourcing/command-bus.js';
import type { AccountId } from '#kernel/ids.js';
import { ParkAccount } from '#payments/account-hold/park-account.js';
import { openApiDocument } from '#platform/openapi/open-api-document.js';
import { DocumentedAnswers, type OpenApi } from '../support/documented-answers.js';
import { startPlatform, type TestPlatform, WEBHOOK_SECRET } from '../support/platform.js';
import { CallRecorder } from '../support/recorded-calls.js';

/**
 * The calls that the documentation shows, made in the order of a story. `npm run examples` writes them down; without it they have
 * to be what is written. See docs/decisions/0024-documentation-that-is-held-against-answers.md.
 */
const FILE = fileURLToPath(new URL('../../docs/generated/examples.json', import.meta.url));
const NOBODY = '0190f0c8-ffff-7000-8000-00000000ffff';

let platform: TestPlatform;
let document: OpenApi;
let recorder: CallRecorder;
beforeAll(async () => {
  platform = await startPlatform();
  document = JSON.parse(JSON.stringify(openApiDocument(platform.app))) as OpenApi;
  recorder = new CallRecorder(new DocumentedAnswers(document));
});
afterAll(() => platform.stop());

const monthly = { unit: 'month', count: 1 };
const base = (amount: number) => ({ code: 'base', model: 'flat', currencies: { USD: { amount }, EUR: { amount: amount - 200 } } });
const seats = { code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: '900' }, EUR: { unitAmount: '850' } } };
const ada = { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD', timeZone: 'America/New_York', country: 'US' };

it('the documented calls are those of a story that really happens, with their problems', async () => {
  const { get, post, patch } = platform;
  const remove = platform.delete;
  const call = (test: supertest.Test, title?: string) => recorder.record(test, title);
  const anonymous = (path: string) => platform.documented(supertest(platform.app.getHttpServer()).get(path));

  // A clock, and plans to sell.
  const clock = (await call(post('/v1/test-clocks', { now: '2026-01-31T12:00:00Z' }), 'the last day of January')).body.id;
  await call(post('/v1/test-clocks', { now: 'tomorrow' }));
  await call(get('/v1/test-clocks?limit=1'), 'the newest');
  await call(get(`/v1/test-clocks/${clock}`), 'a clock at rest');
  await call(get(`/v1/test-clocks/${NOBODY}`));
  await call(
    post('/v1/plans', { code: 'team', name: 'Team', interval: monthly, trialDays: 14, prices: [base(4900), seats] }),
    'a fee and seats, with a trial',
  );
  const plan = (
    await call(post('/v1/plans', { code: 'pro', name: 'Pro', interval: monthly, prices: [base(2900)] }), 'a monthly fee in two currencies')
  ).body;
  await call(post('/v1/plans', { code: 'pro', name: 'Pro', interval: monthly, prices: [base(2900)] }));
  await call(post('/v1/plans', { code: 'flat rate', name: 'Flat', interval: monthly, prices: [base(2900)] }));
  await call(get('/v1/plans?code=pro'), 'by its code');
  await call(get(`/v1/plans/${plan.id}`), 'the newest version');
  await call(get(`/v1/plans/${NOBODY}`));
  await call(patch(`/v1/plans/${plan.id}`, { prices: [base(3900)] }).set('If-Match', '"1"'), 'a higher price');
  await call(patch(`/v1/plans/${plan.id}`, { active: false }).set('If-Match', '"1"'));
  await call(patch(`/v1/plans/${NOBODY}`, { active: false }));
  await call(get(`/v1/plans/${plan.id}/versions?limit=1`), 'the newest');
  await call(post(`/v1/plans/${plan.id}/clone`, { code: 'pro-2027', name: 'Pro 2027' }), 'the prices of next year');

  // What it would cost.
  const april = { start: '2026-04-01T00:00:00Z', end: '2026-05-01T00:00:00Z' };
  const tiers = [
    { upTo: '1000', unitAmount: '2.5' },
    { upTo: null, unitAmount: '0.25' },
  ];
  const apiCalls = {
    ...{ code: 'calls', name: 'API calls', kind: 'usage', model: 'graduated', meter: { metric: 'calls', aggregation: 'sum' } },
    currencies: { USD: { tiers, periodMinimum: 1000 } },
  };
  const seatsOf = (quantity: string) => [{ price: seats, quantity }];
  const change = { at: '2026-04-14T09:00:00Z', items: seatsOf('4') };
  await call(post('/v1/quotes', { currency: 'USD', items: [{ price: apiCalls, usage: '12500.5' }] }), 'usage in tiers');
  await call(
    post('/v1/quotes', { currency: 'USD', period: april, items: seatsOf('3'), change, discounts: [{ percentOff: '20' }] }),
    'one seat more in mid-month, at 20 % off',
  );
  await call(post('/v1/quotes', { currency: 'USD', items: [{ planCode: 'gold' }] }));

  // A customer with a card.
  const created = await call(
    post('/v1/accounts', { ...ada, paymentMethod: { token: 'pm_card_visa' }, testClockId: clock }).set('Idempotency-Key', 'signup-4711'),
    'with a card',
  );
  const account = created.body;
  const path = `/v1/accounts/${account.id}`;
  await call(post('/v1/accounts', { email: 'grace@example.com', name: 'Grace Hopper', currency: 'EUR' }), 'as short as it gets');
  await call(post('/v1/accounts', { ...ada, currency: 'dollar', colour: 'red' }));
  await call(post('/v1/accounts', { ...ada, paymentMethod: { token: 'pm_card_nobody_has' } }));
  await call(post('/v1/accounts', { ...ada, name: 'Ada King', testClockId: clock }).set('Idempotency-Key', 'signup-4711'));
  await call(get('/v1/accounts?email=ada@example.com'), 'by e-mail');
  await call(get('/v1/accounts?limit=1000'));
  await call(anonymous('/v1/accounts'));
  await call(get(path), 'with its payment methods');
  await call(get(`/v1/accounts/${NOBODY}`));
  await call(
    patch(path, { country: 'DE', region: null, timeZone: 'Europe/Berlin', locale: 'de-DE' }).set('If-Match', created.headers.etag!),
    'a move',
  );
  await call(patch(path, { taxExempt: true }).set('If-Match', created.headers.etag!));
  await call(patch(path, { currency: 'EUR' }));
  await call(get(`${path}/payment-methods`), 'one card');
  await call(get(`/v1/accounts/${NOBODY}/payment-methods`));
  const added = await call(post(`${path}/payment-methods`, { token: 'pm_card_mastercard' }), 'a second card');
  await call(post(`${path}/payment-methods`, { token: 'pm_card_nobody_has' }));
  await call(post(`${path}/payment-methods/${added.body.id}/default`), 'charge this one from now on');
  await call(post(`${path}/payment-methods/${NOBODY}/default`));
  await call(remove(`${path}/payment-methods/${added.body.id}`), 'the card is lost');
  await call(remove(`${path}/payment-methods/${NOBODY}`));

  // A subscription, billed and paid.
  const order = { accountId: account.id, planCode: 'pro' };
  const subscription = (await call(post('/v1/subscriptions', { ...order, metadata: { team: 'blue' } }), 'by the code of the plan')).body;
  await call(post('/v1/subscriptions', { accountId: account.id, planCode: 'gold' }));
  await call(post('/v1/subscriptions', { ...order, quantity: 0 }));
  // One entry: of two at one moment nobody knows which comes first.
  await call(get('/v1/ledger/journal?limit=10'), 'one page');
  await call(get('/v1/ledger/journal?format=csv'), 'as CSV');
  await call(get('/v1/ledger/journal?format=csv&limit=2'));
  await platform.settle();
  await call(get(`/v1/subscriptions/${subscription.id}`), 'active');
  await call(get(`/v1/subscriptions/${NOBODY}`));
  await call(get(`/v1/subscriptions?accountId=${account.id}`), 'those of an account');
  await call(get('/v1/subscriptions?status=paid'));
  await call(get(`/v1/invoices/${subscription.latestInvoiceId}`), 'paid');
  await call(get(`/v1/invoices/${NOBODY}`));
  await call(get(`/v1/invoices?accountId=${account.id}&status=paid`), 'the paid ones of an account');
  await call(get('/v1/invoices?status=late'));
  const payments = await call(get(`/v1/payments?invoiceId=${subscription.latestInvoiceId}`), 'those for an invoice');
  await call(get('/v1/payments?cursor=nowhere'));
  await call(get(`/v1/payments/${payments.body.data[0].id}`), 'succeeded');
  await call(get(`/v1/payments/${NOBODY}`));
  await call(post('/v1/payments/retry', { invoiceId: subscription.latestInvoiceId }));

  // Time passes.
  await call(post(`/v1/test-clocks/${clock}/advance`, { to: '2026-02-28T17:00:00Z' }), 'four weeks on');
  await platform.settle();
  await call(post(`/v1/test-clocks/${clock}/advance`, { to: '2026-02-01T00:00:00Z' }));

  // What no subscription bills.
  const line = { description: 'Consulting, hours', quantity: '7.5', unitAmount: '12000' };
  const draft = (await call(post('/v1/invoices', { accountId: account.id, lines: [line], draft: true }), 'a draft')).body;
  await call(post('/v1/invoices', { accountId: account.id, lines: [] }));
  await call(post(`/v1/invoices/${draft.id}/issue`), 'as it was written');
  await call(post(`/v1/invoices/${draft.id}/issue`));
  await platform.settle();

  // A card that fails, and one that does not.
  const grace = await post('/v1/accounts', {
    ...ada,
    email: 'grace@example.com',
    name: 'Grace Hopper',
    testClockId: clock,
    paymentMethod: { token: 'pm_card_chargeCustomerFail' },
  });
  const failing = (await post('/v1/subscriptions', { accountId: grace.body.id, planCode: 'pro' })).body;
  await platform.settle();
  await post(`/v1/accounts/${grace.body.id}/payment-methods`, { token: 'pm_card_visa', isDefault: true });
  await call(post('/v1/payments/retry', { invoiceId: failing.latestInvoiceId }), 'after a new card has been added');
  await call(post('/v1/payments/retry', { invoiceId: NOBODY }));
  await platform.settle();

  // What is used.
  await post('/v1/plans', { code: 'api', name: 'API', interval: monthly, prices: [apiCalls] });
  const metered = (await post('/v1/subscriptions', { accountId: account.id, planCode: 'api' })).body;
  const used = {
    ...{ subscriptionId: metered.id, metric: 'calls', quantity: '1250.5', timestamp: '2026-02-28T17:00:00Z' },
    ...{ idempotencyKey: 'node-7/4711', properties: { region: 'eu' } },
  };
  await call(post('/v1/usage', used), 'one event');
  const early = { ...used, idempotencyKey: 'node-7/4712', timestamp: '2026-01-01T00:00:00Z' };
  await call(post('/v1/usage', { events: [used, early] }), 'one that is counted already, and one of before the start');
  await call(post('/v1/usage', { ...used, quantity: 12 }));
  await call(get(`/v1/subscriptions/${metered.id}/usage`), 'so far');
  await call(get(`/v1/subscriptions/${metered.id}/usage?groupBy=day`), 'by day');
  await call(get(`/v1/subscriptions/${metered.id}/usage?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z`));
  await call(get(`/v1/subscriptions/${NOBODY}/usage`));

  // What Stripe says.
  const event = {
    id: 'evt_example',
    object: 'event',
    type: 'payment_intent.created',
    data: { object: { id: 'pi_example', object: 'payment_intent' } },
  };
  await call(signed(event, WEBHOOK_SECRET), 'an intent was created');
  await call(signed(event, 'whsec_of_somebody_else'));

  // What people look after.
  await call(get('/v1/account-holds'), 'nothing is parked');
  const park = { accountId: grace.body.id as AccountId, reason: 'by_hand', details: 'It looked like double billing.' } as const;
  await platform.app.get(CommandBus, { strict: false }).execute(new ParkAccount(park, { actor: 'spec', correlationId: 'spec' }));
  await call(get('/v1/account-holds'), 'an account is parked');
  await call(post(`/v1/accounts/${grace.body.id}/release`, { reason: 'A false alarm.' }), 'a false alarm');
  await call(post(`/v1/accounts/${grace.body.id}/release`, { reason: 'A false alarm.' }));
  await call(get('/v1/billing-failures'), 'nothing was set aside');
  await call(post(`/v1/subscriptions/${subscription.id}/retry-billing`, { reason: 'The price has a currency again.' }), 'with the reason');
  await call(post(`/v1/subscriptions/${NOBODY}/retry-billing`, { reason: 'The price has a currency again.' }));
  await call(get('/v1/ledger/trial-balance?at=2026-02-01T00:00:00Z'), 'at the end of January');
  await call(get('/v1/ledger/trial-balance?at=yesterday'));
  await call(get('/health'), 'alive');
  await call(get('/health/ready'), 'ready');
  await call(get('/health/details'), 'all is well');
  await call(get('/metrics'), 'all is well');

  // The end.
  await call(remove(`/v1/subscriptions/${subscription.id}?atPeriodEnd=true`), 'with the period that is paid for');
  await call(remove(`/v1/subscriptions/${failing.id}`), 'at once');
  await call(remove(`/v1/subscriptions/${NOBODY}`));
  await call(remove(path), 'with all that runs on it');
  await call(remove(`/v1/accounts/${NOBODY}`));
  await call(post(`${path}/erase`, { reason: 'asked for by letter of 2026-01-31' }), 'at the request of the person');
  await call(post(`/v1/accounts/${grace.body.id}/erase`, { reason: 'asked for by letter of 2026-01-31' }));

  const calls = `${JSON.stringify(recorder.recorded(), null, 2)}\n`;
  if (process.env.RECORD) writeFileSync(FILE, calls);
  // Where this fails because answers have changed on purpose: `npm run examples`, then `npm run docs`.
  expect(readFileSync(FILE, 'utf8')).toBe(calls);
});

function signed(event: object, secret: string): supertest.Test {
  const payload = JSON.stringify({ ...event, created: 1_769_860_800 });
  const signature = new Stripe('sk_test_specs').webhooks.generateTestHeaderString({ payload, secret });
  return platform
    .documented(supertest(platform.app.getHttpServer()).post('/v1/webhooks/stripe'))
    .set('Content-Type', 'application/json')
    .set('Stripe-Signature', signature)
    .send(payload);
}

interface Shown {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly examples?: object }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly examples?: object }>> }>>;
}

describe('Every operation of the OpenAPI document', () => {
  const operations = (): Shown[] => Object.values(document.paths).flatMap((item) => Object.values(item) as Shown[]);
  const without = (isThere: (operation: Shown) => unknown): string[] =>
    operations()
      .filter((each) => !isThere(each))
      .map(({ operationId }) => operationId);

  it('has been called by this story', () => {
    const recorded = recorder.recorded();
    expect(without(({ operationId }) => recorded[operationId]?.some(({ answer }) => answer.status < 300))).toEqual([]);
  });

  it('has a name that lasts, a summary, a description and a group', () => {
    expect(without(({ operationId }) => /^[a-z]+[A-Z][A-Za-z]+$/.test(operationId))).toEqual([]);
    expect(without(({ summary }) => summary)).toEqual([]);
    expect(without(({ description }) => description)).toEqual([]);
    expect(without(({ tags }) => tags?.length === 1)).toEqual([]);
  });

  it('shows what is sent and what is answered', () => {
    const hasExamples = (content: Shown['requestBody']): boolean => Object.values(content?.content ?? {}).some(({ examples }) => examples);
    expect(without(({ requestBody }) => !requestBody || hasExamples(requestBody))).toEqual([]);
    const successes = ({ responses }: Shown) =>
      Object.entries(responses).filter(([status, { content }]) => Number(status) < 300 && content);
    expect(without((each) => successes(each).every(([, answer]) => hasExamples(answer as Shown['requestBody'])))).toEqual([]);
  });

  it('has a name of its own', () => {
    const names = operations().map(({ operationId }) => operationId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('A change', () => {
  it('has no default for what it leaves out', () => {
    const changes = Object.values(document.paths).flatMap((item) =>
      item.patch ? [JSON.stringify((item.patch as unknown as Shown).requestBody)] : [],
    );
    const names = changes.map((body) => /"#\/components\/schemas\/(\w+)"/.exec(body)![1]!);
    const defaults = names.filter((name) => JSON.stringify(document.components.schemas[name]).includes('"default"'));
    expect(names.length).toBeGreaterThan(0);
    expect(defaults).toEqual([]);
  });
});
