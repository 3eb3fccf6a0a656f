import { randomUUID } from 'node:crypto';
import type { PlanId } from '#kernel/ids.js';
import { rowById } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { catalogContext } from '../../catalog.context.js';
import { base, offer } from '../../plan/plan.examples.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { PublishPlan } from '../../plan/publish-plan.js';
import { RevisePlan } from '../../plan/revise-plan.js';
import { type PlanRow, planRows, planView } from '../plan-details/plan-details.query.js';
import { planVersions } from './plan-version.projection.js';
import { inVersion } from './plan-version.query.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.open(catalogContext);
});
beforeEach(() => stage.setClock(noon));
afterAll(() => stage.close());

const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }], name: 'Pro 2' };

async function published(): Promise<PlanId> {
  const code = `plan-${randomUUID()}`;
  await stage.send(PublishPlan, { ...offer, planId: planIdOf(code), code });
  return planIdOf(code);
}

async function version(planId: PlanId, number: number) {
  const row = await rowById<PlanRow>(stage.database, planRows, planId);
  return inVersion(stage.database, planView(row!), number);
}

describe('The versions of a plan', () => {
  it('follow PlanVersionPublished, and the ones before stay as they are', async () => {
    const planId = await published();
    stage.setClock(evening);
    await stage.send(RevisePlan, { planId, changes: dearer });
    expect(await version(planId, 2)).toMatchObject({ id: planId, ...offer, ...dearer, version: 2, createdAt: noon, publishedAt: evening });
    expect(await version(planId, 3)).toBeUndefined();
    expect(await version(planId, 1)).toMatchObject({ id: planId, ...offer, version: 1, createdAt: noon, publishedAt: noon });
  });

  it('take nothing from PlanRetired and PlanReactivated', async () => {
    const planId = await published();
    for (const active of [false, true]) await stage.send(RevisePlan, { planId, changes: {}, active });
    expect(await version(planId, 1)).toMatchObject({ id: planId, ...offer, version: 1, publishedAt: noon });
    expect(await version(planId, 2)).toBeUndefined();
  });

  it('are the same when they are built anew from the events', async () => {
    const planId = await published();
    stage.setClock(evening);
    await stage.send(RevisePlan, { planId, changes: dearer, active: false });
    await stage.send(RevisePlan, { planId, changes: { trialDays: 0 } });
    expect(await version(planId, 3)).toMatchObject({ trialDays: 0 });
    expect(await stage.deviations(planVersions)).toEqual([]);
  });
});
