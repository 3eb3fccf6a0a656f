import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc, { type AsyncCommand } from 'fast-check';
import { epochMs, fromEpochMs, type Instant } from '#kernel/instant.js';
import type { IntervalUnit } from '#kernel/interval.js';
import { boundsDayByDay } from '../../../apps/cli/src/verify/day-by-day.js';
import type { TestPlatform } from '../../support/platform.js';
import type { Model, ModelSubscription } from './model.js';

export interface Real {
  readonly platform: TestPlatform;
  /** The control: the system forgets every renewal. */
  readonly forgetting: boolean;
  count(step: string): void;
}

type Step = AsyncCommand<Model, Real>;

const chosen = <T>(from: readonly T[], at: number): T => from[at % from.length]!;

function step(name: string, check: (model: Readonly<Model>) => boolean, run: (model: Model, real: Real) => Promise<void>): Step {
  return {
    check,
    run: async (model, real) => {
      real.count(name.split('(')[0]!);
      await run(model, real);
    },
    toString: () => name,
  };
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted))
    throw new Error(`${what} is ${JSON.stringify(found)}, and in the model ${JSON.stringify(wanted)}.`);
}

const publish = (unit: IntervalUnit, count: number, trialDays: number, cents: number): Step =>
  step(
    `publish(${count} ${unit}, trial ${trialDays}, ${cents})`,
    ({ plans }) => plans.length < 3,
    async (model, { platform }) => {
      const code = `p-${randomUUID()}`;
      const prices = [{ code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: String(cents) } } }];
      const { body, status } = await platform.post('/v1/plans', { code, name: 'Plan', interval: { unit, count }, trialDays, prices });
      same('the status of publishing', status, 201);
      same('the version', body.version, 1);
      model.plans.push({ id: body.id, code, interval: { unit, count }, trialDays, cents, version: 1, active: true });
    },
  );

const revise = (at: number, cents: number): Step =>
  step(
    `revise(${at}, ${cents})`,
    ({ plans }) => plans.length > 0,
    async (model, { platform }) => {
      const plan = chosen(model.plans, at);
      const prices = [{ code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: String(cents) } } }];
      const { body, status } = await platform.patch(`/v1/plans/${plan.id}`, { prices });
      same('the status of revising', status, 200);
      if (cents !== plan.cents) plan.version += 1;
      plan.cents = cents;
      same('the version', body.version, plan.version);
    },
  );

const retire = (at: number): Step =>
  step(
    `retire(${at})`,
    ({ plans }) => plans.length > 1,
    async (model, { platform }) => {
      const plan = chosen(model.plans, at);
      const { body } = await platform.patch(`/v1/plans/${plan.id}`, { active: false });
      plan.active = false;
      same('active', body.active, false);
    },
  );

const open = (timeZone: string): Step =>
  step(
    `open(${timeZone})`,
    ({ accounts }) => accounts.length < 3,
    async (model, { platform }) => {
      const email = `${randomUUID()}@example.com`;
      const { body, status } = await platform.post('/v1/accounts', {
        email,
        name: 'Ada',
        currency: 'USD',
        timeZone,
        testClockId: model.clockId,
      });
      same('the status of opening', status, 201);
      model.accounts.push({ id: body.id, timeZone, closed: false });
    },
  );

const close = (at: number): Step =>
  step(
    `close(${at})`,
    ({ accounts }) => accounts.length > 1,
    async (model, { platform }) => {
      const account = chosen(model.accounts, at);
      same('the status of closing', (await platform.delete(`/v1/accounts/${account.id}`)).status, 200);
      await platform.settle();
      account.closed = true;
      for (const subscription of model.subscriptions) if (subscription.account === account) subscription.canceledAt ??= model.now;
      await compare(model, platform);
    },
  );

const subscribe = (accountAt: number, planAt: number, quantity: number, anchorDay: number | null): Step =>
  step(
    `subscribe(${accountAt}, ${planAt}, ${quantity}, ${anchorDay})`,
    ({ accounts, plans }) => accounts.length > 0 && plans.length > 0,
    async (model, { platform }) => {
      const [account, plan] = [chosen(model.accounts, accountAt), chosen(model.plans, planAt)];
      const { body, status } = await platform.post('/v1/subscriptions', {
        ...{ accountId: account.id, planCode: plan.code, quantity },
        ...(anchorDay !== null && { anchorDay }),
      });
      if (account.closed || !plan.active) {
        same('the refusal', [status, body.code], [409, account.closed ? 'account_closed' : 'plan_retired']);
        return;
      }
      same('the status of subscribing', status, 201);
      const hasTrial = plan.trialDays > 0;
      model.subscriptions.push({
        ...{ id: body.id, account, planVersion: plan.version, interval: plan.interval, cents: plan.cents, quantity, anchorDay, hasTrial },
        startedAt: model.now,
        billingFrom: hasTrial ? plusLocalDays(model.now, plan.trialDays, account.timeZone) : model.now,
        endsAt: null,
        canceledAt: null,
      });
      await compare(model, platform);
    },
  );

const cancel = (at: number, atPeriodEnd: boolean): Step =>
  step(
    `cancel(${at}${atPeriodEnd ? ', at period end' : ''})`,
    ({ subscriptions }) => subscriptions.length > 0,
    async (model, { platform }) => {
      const subscription = chosen(model.subscriptions, at);
      const before = model.status(subscription);
      const ends = before === 'canceled' ? null : model.currentEnd(subscription);
      const { body, status } = await platform.delete(`/v1/subscriptions/${subscription.id}${atPeriodEnd ? '?atPeriodEnd=true' : ''}`);
      if (before === 'canceled') {
        same('canceling again', [status, body.status], [200, 'canceled']);
        return;
      }
      same('the status of canceling', status, 200);
      if (atPeriodEnd) subscription.endsAt ??= ends;
      else subscription.canceledAt = model.now;
      await compare(model, platform);
    },
  );

const advance = (hours: number): Step =>
  step(
    `advance(${hours} h)`,
    () => true,
    async (model, { platform, forgetting }) => {
      if (forgetting) await platform.database.query(`delete from es.timer where clock_id = $1::uuid and name = 'renewal'`, [model.clockId]);
      const to = fromEpochMs(epochMs(model.now) + hours * 3_600_000);
      same('the status of advancing', (await platform.post(`/v1/test-clocks/${model.clockId}/advance`, { to })).status, 200);
      await platform.settle();
      model.advance(to);
      await compare(model, platform);
    },
  );

const units = fc.constantFrom<IntervalUnit>('day', 'week', 'month', 'quarter', 'year');
const index = fc.nat(5);
const cents = fc.constantFrom(0, 1, 999, 2_900, 123_456);

const publishing = fc.tuple(units, fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 0, 14, 30), cents).map((given) => publish(...given));
const opening = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu').map(open);
const anchored = fc.option(fc.constantFrom(1, 15, 28, 29, 30, 31));
const subscribing = fc.tuple(index, index, fc.integer({ min: 1, max: 20 }), anchored).map((given) => subscribe(...given));

/** What every life begins with: without it most of what follows has nothing to act on. */
export const beginning: fc.Arbitrary<Step[]> = fc.tuple(publishing, opening, subscribing).map((all) => [...all]);

/** In about the proportions of a customer's life; time passes most often. */
export const steps: fc.Arbitrary<Step>[] = [
  publishing,
  opening,
  subscribing,
  fc.tuple(index, index, fc.constantFrom(1, 3), fc.constant(null)).map((given) => subscribe(...given)),
  fc.integer({ min: 1, max: 24 * 45 }).map(advance),
  fc.constantFrom(24, 24 * 14, 24 * 30, 24 * 60, 24 * 100).map(advance),
  fc.tuple(index, fc.boolean()).map((given) => cancel(...given)),
  fc.tuple(index, cents).map((given) => revise(...given)),
  index.map(retire),
  index.map(close),
];

/** Every subscription with its invoices, as REST shows them, against the model. */
async function compare(model: Model, platform: TestPlatform): Promise<void> {
  for (const subscription of model.subscriptions) {
    const { body } = await platform.get(`/v1/subscriptions/${subscription.id}`);
    const found = { status: body.status, planVersion: body.planVersion, quantity: body.quantity, startedAt: body.startedAt };
    const { planVersion, quantity, startedAt } = subscription;
    same(`the subscription ${subscription.id}`, found, { status: model.status(subscription), planVersion, quantity, startedAt });
    await compareInvoices(model, platform, subscription);
  }
}

async function compareInvoices(model: Model, platform: TestPlatform, subscription: ModelSubscription): Promise<void> {
  const { body } = await platform.get(`/v1/invoices?subscriptionId=${subscription.id}&limit=100`);
  const invoices = body.data as { issuedAt: Instant; total: { amount: number }; lines: { period: { start: Instant; end: Instant } }[] }[];
  const found = invoices.map(({ issuedAt, lines }) => ({ issuedAt, ...lines[0]!.period })).reverse();
  const wanted = model
    .periods(subscription)
    .slice(-100)
    .map(({ start, end }) => ({ issuedAt: start, start, end }));
  same(`the periods of ${subscription.id}`, found, wanted);
  // The first period may be cut short by an anchor day; what it costs then is another suite's question.
  const whole = invoices.slice(0, -1).find(({ total }) => total.amount !== subscription.cents * subscription.quantity);
  same(`the total of an invoice of ${subscription.id}`, whole?.total.amount, undefined);
}

/** So many days later by the clock on the wall, found by walking. */
function plusLocalDays(start: Instant, days: number, timeZone: string): Instant {
  const [, later] = boundsDayByDay({ start, timeZone, interval: { unit: 'day', count: days }, anchorDay: null });
  return later!;
}
