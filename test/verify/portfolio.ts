import { fromEpochMs, type Instant } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';
import { used } from '../support/used.js';

export interface Portfolio {
  readonly platform: TestPlatform;
  readonly clock: string;
  /** All was quiet then. No worker runs afterwards, so what falls due later must not be judged, however long the specs take. */
  readonly quietAt: Instant;
  /** Paid monthly since 31 January, in New York. */
  readonly monthly: { readonly account: string; readonly subscription: string };
  /** The same, metered, with usage that came late in May. */
  readonly metered: { readonly account: string; readonly subscription: string };
}

/** A few customers with half a year behind them, made over the API: trials, cancellations, anchors, usage, declined cards, several zones and currencies. */
export async function makePortfolio(): Promise<Portfolio> {
  const platform = await startPlatform();
  const story = new Story(platform);
  await story.plan();
  const perSeat = { code: 'seats', kind: 'recurring', model: 'perUnit', billing: 'advance', taxBehavior: 'exclusive' };
  const currencies = { USD: { unitAmount: '333.335' }, EUR: { unitAmount: '299.995' } };
  await story.plan({ code: 'team', name: 'Team', trialDays: 14, prices: [{ ...perSeat, currencies }] });
  const flat = { code: 'base', kind: 'recurring', model: 'flat', billing: 'advance', taxBehavior: 'exclusive' };
  // Stripe counts the króna in hundredths, which it has not got.
  await story.plan({
    code: 'weekly',
    name: 'Weekly',
    interval: { unit: 'week', count: 2 },
    prices: [{ ...flat, currencies: { ISK: { amount: 1299 } } }],
  });

  const setup = { code: 'setup', kind: 'oneTime', model: 'flat', taxBehavior: 'exclusive', currencies: { USD: { amount: 5000 } } };
  const support = { ...flat, code: 'support', billing: 'arrears', currencies: { USD: { amount: 1000 } } };
  const served = [{ ...flat, currencies: { USD: { amount: 4900 } } }, support, setup];
  await story.plan({ code: 'served', name: 'Served', trialDays: 7, prices: served });

  const meter = { metric: 'calls', aggregation: 'sum' } as const;
  const calls = { code: 'calls', kind: 'usage', model: 'perUnit', meter, taxBehavior: 'exclusive' };
  const metered = [
    { ...flat, currencies: { USD: { amount: 1900 } } },
    { ...calls, currencies: { USD: { unitAmount: '0.335' } } },
    { ...calls, code: 'least', currencies: { USD: { unitAmount: '0.335', periodMinimum: 500 } } },
  ];
  await story.plan({ code: 'metered', name: 'Metered', prices: metered });

  const clock = await story.testClock('2026-01-31T15:30:00Z');
  const customer = async (fields: object) => (await story.account({ testClockId: clock, ...fields })).id;
  const ada = await customer({});
  const { id: monthly } = await story.subscription(ada);
  const declining = await customer({ email: 'blaise@example.com', paymentMethod: { token: 'pm_card_chargeCustomerFail' } });
  await story.subscription(declining);
  const annie = await customer({ email: 'annie@example.com' });
  const { id: counted } = await story.subscription(annie, { planCode: 'metered' });
  await used(platform.database, counted, meter, '2026-01-31T15:30:00Z', '1001');
  await used(platform.database, counted, meter, '2026-03-31T14:30:00Z', '-3.5');
  const marie = await customer({ email: 'marie@example.com' });
  const { id: late } = await story.subscription(marie, { planCode: 'metered' });
  const use = (subscriptionId: string, quantity: string, timestamp: string) =>
    platform.post('/v1/usage', { subscriptionId, metric: 'calls', quantity, timestamp, idempotencyKey: timestamp }).expect(200);
  const berlin = await customer({ email: 'emmy@example.com', currency: 'EUR', timeZone: 'Europe/Berlin' });
  await story.subscription(berlin, { planCode: 'team', quantity: 7, anchorDay: 15 });
  const leaving = await customer({ email: 'grace@example.com', currency: 'ISK', timeZone: 'Australia/Lord_Howe' });
  const { id: ending } = await story.subscription(leaving, { planCode: 'weekly' });
  const katherine = await customer({ email: 'katherine@example.com' });
  const { id: endingEarly } = await story.subscription(katherine, { planCode: 'served' });
  const { id: endingAtOnce } = await story.subscription(katherine);
  await platform.delete(`/v1/subscriptions/${endingAtOnce}`).expect(200);
  await platform.post('/v1/invoices', { accountId: katherine, lines: [{ description: 'Consulting', amount: 4200 }] }).expect(201);
  const realTime = await story.account({ email: 'omar@example.com' });
  await story.subscription(realTime.id);
  await platform.settle();
  await story.advance(clock, '2026-04-10T00:00:00Z');
  await platform.delete(`/v1/subscriptions/${ending}?atPeriodEnd=true`).expect(200);
  await platform.delete(`/v1/subscriptions/${endingEarly}`).expect(200);
  await use(late, '700', '2026-04-09T00:00:00Z');
  await platform.delete(`/v1/subscriptions/${counted}`).expect(200);
  await use(counted, '1000', '2026-04-09T00:00:00Z');
  await story.subscription(katherine, { planCode: 'served', startAt: '2026-01-05T09:00:00Z' });
  await story.advance(clock, '2026-05-04T00:00:00Z');
  await use(late, '2000', '2026-05-01T00:00:00Z');
  await use(late, '1000', '2026-04-20T00:00:00Z');
  await story.advance(clock, '2026-06-02T00:00:00Z');
  await use(late, '-900', '2026-05-20T00:00:00Z');
  await story.advance(clock, '2026-07-01T00:00:00Z');
  const [row] = await platform.database.query<{ now: Date }>('select clock_timestamp() as now');
  const quietAt = fromEpochMs(row!.now.getTime());
  return { platform, clock, quietAt, monthly: { account: ada, subscription: monthly }, metered: { account: marie, subscription: late } };
}
