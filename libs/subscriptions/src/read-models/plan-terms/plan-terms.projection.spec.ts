import { PlanReactivated, PlanRetired, PlanVersionPublished } from '#catalog/contract.js';
import { requestOf } from '#event-sourcing/testing/specification.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { factsForStart } from '../../facts/start-subscription.facts.js';
import { planId, proFacts, startPro } from '../../subscription/subscription.examples.js';
import { planTerms } from './plan-terms.projection.js';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(planTerms, [PlanVersionPublished, PlanRetired, PlanReactivated]);
});
afterAll(() => stage.close());

/** What a start is told of the plan. */
async function plan() {
  const [facts] = await stage.database.transaction((sql) => factsForStart(sql, [requestOf(startPro)]));
  return facts!.plan;
}

const { prices, interval } = proFacts.plan!;
const published = (version: number, changes: { trialDays?: number } = {}) =>
  new PlanVersionPublished({ planId, code: 'pro', version, name: 'Pro', interval, trialDays: 0, prices, metadata: {}, ...changes });

describe('What starting a subscription knows of a plan', () => {
  it('is nothing where there is none', async () => {
    expect(await plan()).toBeNull();
  });

  it('is its first version from PlanVersionPublished on', async () => {
    await stage.tell(planId, published(1));
    expect(await plan()).toEqual({ version: 1, name: 'Pro', active: true, interval, trialDays: 0, prices });
  });

  it('is the newest version after the next PlanVersionPublished', async () => {
    await stage.tell(planId, published(2, { trialDays: 14 }));
    expect(await plan()).toEqual({ version: 2, name: 'Pro', active: true, interval, trialDays: 14, prices });
  });

  it('says whether it takes new subscriptions, by PlanRetired and PlanReactivated', async () => {
    await stage.tell(planId, new PlanRetired({ planId }));
    expect(await plan()).toMatchObject({ version: 2, active: false });
    await stage.tell(planId, new PlanReactivated({ planId }));
    expect(await plan()).toMatchObject({ version: 2, active: true });
  });

  it('is the same when it is built anew from the events', async () => {
    expect(await stage.database.query('select id from subscriptions.plan_terms')).toHaveLength(1);
    expect(await stage.deviations(planTerms)).toEqual([]);
  });
});
