import { newId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { pageWindow } from '#platform/http/page.js';
import { createTestDatabase } from '../../../../../test/support/test-database.js';
import { base, offer } from '../../plan/plan.examples.js';
import { RevisePlan } from '../../plan/revise-plan.js';
import { KeptPlans } from '../../testing/kept-plans.js';
import { planDetails } from './plan-details.projection.js';
import { writtenPlan } from './plan-details.query.js';

const noon = instant('2026-01-31T12:00:00Z');
const evening = instant('2026-01-31T18:30:00.123Z');

let kept: KeptPlans;
beforeAll(async () => {
  kept = await KeptPlans.open(await createTestDatabase());
});
beforeEach(() => kept.clock.set(noon));
afterAll(() => kept.close());

const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }], name: 'Pro 2' };

describe('A plan as it is shown', () => {
  it('begins with PlanVersionPublished', async () => {
    const { planId, code } = await kept.publish();
    const shown = { id: planId, code, ...offer, version: 1, active: true, createdAt: noon, publishedAt: noon, streamVersion: 1 };
    expect(await kept.plans.find(planId)).toEqual(shown);
  });

  it('follows the next PlanVersionPublished', async () => {
    const { planId, code } = await kept.publish();
    kept.clock.set(evening);
    await kept.send(RevisePlan, { planId, changes: dearer });
    const shown = {
      id: planId,
      code,
      ...offer,
      ...dearer,
      version: 2,
      active: true,
      createdAt: noon,
      publishedAt: evening,
      streamVersion: 2,
    };
    expect(await kept.plans.find(planId)).toEqual(shown);
  });

  it('follows PlanRetired and PlanReactivated', async () => {
    const { planId } = await kept.publish();
    await kept.send(RevisePlan, { planId, changes: {}, active: false });
    expect(await kept.plans.find(planId)).toMatchObject({ active: false, version: 1, streamVersion: 2 });
    await kept.send(RevisePlan, { planId, changes: {}, active: true });
    expect(await kept.plans.find(planId)).toMatchObject({ active: true, version: 1, streamVersion: 3 });
  });

  it('is the same inside the transaction that wrote it', async () => {
    const { planId } = await kept.publish();
    expect(await kept.database.transaction((sql) => writtenPlan(sql, planId))).toEqual(await kept.plans.find(planId));
  });

  it('is the same when it is built anew from its events', async () => {
    const { planId, events } = await kept.publish();
    kept.clock.set(evening);
    events.push(...(await kept.send(RevisePlan, { planId, changes: dearer, active: false })));
    events.push(...(await kept.send(RevisePlan, { planId, changes: { trialDays: 0 }, active: true })));
    expect(events).toHaveLength(5);
    const rows = await kept.database.query('select to_json(r) as row from catalog.plan_details r where id = $1', [planId]);
    expect(rows).toHaveLength(1);
    expect(await kept.rebuilt(planDetails, events)).toEqual(rows);
  });
});

describe('A list of plans', () => {
  it('is newest first, goes on after a position, and tells the active from the retired', async () => {
    const [old, other] = [await kept.publish(), await kept.publish()];
    kept.clock.set(evening);
    const newest = await kept.publish();
    await kept.send(RevisePlan, { planId: old.planId, changes: {}, active: false });
    const mine = new Set([old.planId, other.planId, newest.planId]);
    const ids = async (filter: object, after: { createdAt: Instant; id: string } | null = null) =>
      (await kept.plans.page(filter, { ...pageWindow({ limit: 100 }, {}), after })).map(({ id }) => id).filter((id) => mine.has(id));
    const order = [newest.planId, ...[old.planId, other.planId].sort().reverse()];
    expect(await ids({})).toEqual(order);
    expect(await ids({}, { createdAt: evening, id: newest.planId })).toEqual(order.slice(1));
    expect(await ids({}, { createdAt: noon, id: order[1]! })).toEqual(order.slice(2));
    expect(await ids({ active: true })).toEqual([newest.planId, other.planId]);
    expect(await ids({ active: false })).toEqual([old.planId]);
    expect(await ids({ code: other.code })).toEqual([other.planId]);
  });

  it('by ids keeps their order, and has null for one that is not there', async () => {
    const [one, two] = [await kept.publish(), await kept.publish()];
    const found = await kept.plans.byIds([two.planId, newId(), one.planId]);
    expect(found.map((plan) => plan?.id)).toEqual([two.planId, undefined, one.planId]);
  });
});
