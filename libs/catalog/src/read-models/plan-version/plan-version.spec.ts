import { createTestDatabase } from '../../../../../test/support/test-database.js';
import { base, offer } from '../../plan/plan.examples.js';
import { RevisePlan } from '../../plan/revise-plan.js';
import { KeptPlans } from '../../testing/kept-plans.js';
import { planVersions } from './plan-version.projection.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let kept: KeptPlans;
beforeAll(async () => {
  kept = await KeptPlans.open(await createTestDatabase());
});
beforeEach(() => kept.clock.set(noon));
afterAll(() => kept.close());

const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }], name: 'Pro 2' };

describe('The versions of a plan', () => {
  it('follow PlanVersionPublished, and the ones before stay as they are', async () => {
    const { planId } = await kept.publish();
    kept.clock.set(evening);
    await kept.send(RevisePlan, { planId, changes: dearer });
    const found = await kept.versions.byKeys([2, 3, 1].map((version) => ({ planId, version })));
    expect(found).toEqual([
      { planId, ...offer, ...dearer, version: 2, publishedAt: evening },
      null,
      { planId, ...offer, version: 1, publishedAt: noon },
    ]);
  });

  it('take nothing from PlanRetired and PlanReactivated', async () => {
    const { planId } = await kept.publish();
    for (const active of [false, true]) await kept.send(RevisePlan, { planId, changes: {}, active });
    const found = await kept.versions.byKeys([1, 2].map((version) => ({ planId, version })));
    expect(found).toEqual([{ planId, ...offer, version: 1, publishedAt: noon }, null]);
  });

  it('are the same when they are built anew from the events', async () => {
    const { planId, events } = await kept.publish();
    kept.clock.set(evening);
    events.push(...(await kept.send(RevisePlan, { planId, changes: dearer, active: false })));
    events.push(...(await kept.send(RevisePlan, { planId, changes: { trialDays: 0 } })));
    const rows = await kept.database.query('select to_json(r) as row from catalog.plan_version r where plan_id = $1 order by id', [planId]);
    expect(rows).toHaveLength(3);
    expect(await kept.rebuilt(planVersions, events)).toEqual(rows);
  });
});
