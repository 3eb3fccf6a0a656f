import { randomUUID } from 'node:crypto';
import { newId, type PlanId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { pageWindow } from '#platform/http/page.js';
import { type Queryable, rowById, rowsByIds, rowsNewestFirst } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { catalogContext } from '../../catalog.context.js';
import type { Offer } from '../../plan/plan.events.js';
import { base, offer } from '../../plan/plan.examples.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { PublishPlan } from '../../plan/publish-plan.js';
import { RevisePlan } from '../../plan/revise-plan.js';
import { planDetails } from './plan-details.projection.js';
import { type PlanRow, planFilters, planRows, planView } from './plan-details.query.js';

const noon = instant('2026-01-31T12:00:00Z');
const evening = instant('2026-01-31T18:30:00.123Z');

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.open(catalogContext);
});
beforeEach(() => stage.setClock(noon));
afterAll(() => stage.close());

/** A new plan, with a code of its own. */
async function published(): Promise<{ planId: PlanId; code: string }> {
  const code = `plan-${randomUUID()}`;
  const planId = planIdOf(code);
  await stage.send(PublishPlan, { ...offer, planId, code });
  return { planId, code };
}

/** The plan as it is shown, with its ETag. */
async function plan(id: PlanId, sql: Queryable = stage.database) {
  const row = await rowById<PlanRow>(sql, planRows, id);
  return row && { ...planView(row), streamVersion: row.version };
}

/** As they are shown: with every field that a price can have. */
const shownPrices = (prices: Offer['prices']) => prices.map((price) => ({ name: null, billedAt: null, meter: null, ...price }));

const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }], name: 'Pro 2' };

describe('A plan as it is shown', () => {
  it('begins with PlanVersionPublished', async () => {
    const { planId, code } = await published();
    const prices = shownPrices(offer.prices);
    const shown = { id: planId, code, ...offer, prices, version: 1, active: true, createdAt: noon, publishedAt: noon, streamVersion: '1' };
    expect(await plan(planId)).toEqual(shown);
  });

  it('follows the next PlanVersionPublished', async () => {
    const { planId, code } = await published();
    stage.setClock(evening);
    await stage.send(RevisePlan, { planId, changes: dearer });
    const shown = {
      id: planId,
      code,
      ...offer,
      ...dearer,
      prices: shownPrices(dearer.prices),
      version: 2,
      active: true,
      createdAt: noon,
      publishedAt: evening,
      streamVersion: '2',
    };
    expect(await plan(planId)).toEqual(shown);
  });

  it('follows PlanRetired and PlanReactivated', async () => {
    const { planId } = await published();
    await stage.send(RevisePlan, { planId, changes: {}, active: false });
    expect(await plan(planId)).toMatchObject({ active: false, version: 1, streamVersion: '2' });
    await stage.send(RevisePlan, { planId, changes: {}, active: true });
    expect(await plan(planId)).toMatchObject({ active: true, version: 1, streamVersion: '3' });
  });

  it('is the same inside a transaction and outside of one', async () => {
    const { planId } = await published();
    expect(await stage.database.transaction((sql) => plan(planId, sql))).toEqual(await plan(planId));
  });

  it('is the same when it is built anew from its events', async () => {
    const { planId } = await published();
    stage.setClock(evening);
    await stage.send(RevisePlan, { planId, changes: dearer, active: false });
    await stage.send(RevisePlan, { planId, changes: { trialDays: 0 }, active: true });
    expect(await plan(planId)).toMatchObject({ active: true, version: 3, streamVersion: '5' });
    expect(await stage.deviations(planDetails)).toEqual([]);
  });
});

describe('A list of plans', () => {
  it('is newest first, goes on after a position, and tells the active from the retired', async () => {
    const [old, other] = [await published(), await published()];
    stage.setClock(evening);
    const newest = await published();
    await stage.send(RevisePlan, { planId: old.planId, changes: {}, active: false });
    const mine = new Set([old.planId, other.planId, newest.planId]);
    const ids = async (filter: object, after: { createdAt: Instant; id: string } | null = null) =>
      (await rowsNewestFirst<PlanRow>(stage.database, planRows, planFilters(filter), { ...pageWindow({ limit: 100 }, {}), after }))
        .map(({ id }) => id)
        .filter((id) => mine.has(id));
    const order = [newest.planId, ...[old.planId, other.planId].sort().reverse()];
    expect(await ids({})).toEqual(order);
    expect(await ids({}, { createdAt: evening, id: newest.planId })).toEqual(order.slice(1));
    expect(await ids({}, { createdAt: noon, id: order[1]! })).toEqual(order.slice(2));
    expect(await ids({ active: true })).toEqual([newest.planId, other.planId]);
    expect(await ids({ active: false })).toEqual([old.planId]);
    expect(await ids({ code: other.code })).toEqual([other.planId]);
  });

  it('by ids keeps their order, and has nothing for one that is not there', async () => {
    const [one, two] = [await published(), await published()];
    const found = await rowsByIds<PlanRow>(stage.database, planRows, [two.planId, newId(), one.planId]);
    expect(found.map((row) => row?.id)).toEqual([two.planId, undefined, one.planId]);
  });
});
