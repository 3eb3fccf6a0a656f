import { specification } from '#event-sourcing/testing/specification.js';
import { PlanDecider } from './plan.decider.js';
import { PlanReactivated, PlanRetired } from './plan.events.js';
import { aPlan, aRetiredPlan, base, offer, percentage, planId, seats, version } from './plan.examples.js';
import { RevisePlan } from './revise-plan.js';

const { given } = specification(PlanDecider);

describe('US2: changing a plan', () => {
  const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }] };

  it('makes a new version, whole, with the rest as before', () => {
    given(aPlan())
      .when(new RevisePlan({ planId, changes: dearer }))
      .then(version(2, dearer));
    given(aPlan(), version(2, dearer))
      .when(new RevisePlan({ planId, changes: { name: 'Professional' } }))
      .then(version(3, { ...dearer, name: 'Professional' }));
  });

  it('to what it is already makes none', () => {
    given(aPlan())
      .when(new RevisePlan({ planId, changes: { ...offer } }))
      .thenNothing();
  });

  it('is checked like a new one', () => {
    given(aPlan())
      .when(new RevisePlan({ planId, changes: { trialDays: 1000 } }))
      .thenRefused('trial_days_invalid');
  });

  it('takes prices of usage, a percentage of it too', () => {
    const calls = { ...seats, kind: 'usage', billing: 'arrears', meter: { metric: 'calls', aggregation: 'sum' } } as const;
    given(aPlan())
      .when(new RevisePlan({ planId, changes: { prices: [base, calls] } }))
      .then(version(2, { prices: [base, calls] }));
    given(aPlan())
      .when(new RevisePlan({ planId, changes: { prices: [base, percentage] } }))
      .then(version(2, { prices: [base, percentage] }));
  });

  it('is refused where there is none', () => {
    given()
      .when(new RevisePlan({ planId, changes: {} }))
      .thenRefused('plan_not_found');
  });

  it('does not bring a retired one back', () => {
    given(aRetiredPlan())
      .when(new RevisePlan({ planId, changes: dearer }))
      .then(version(2, dearer));
    given(aRetiredPlan(), version(2, dearer))
      .when(new RevisePlan({ planId, changes: {}, active: true }))
      .then(new PlanReactivated({ planId }));
  });
});

describe('Retiring a plan', () => {
  it('is no new version', () => {
    given(aPlan())
      .when(new RevisePlan({ planId, changes: {}, active: false }))
      .then(new PlanRetired({ planId }));
  });

  it('may come with one', () => {
    given(aPlan())
      .when(new RevisePlan({ planId, changes: { name: 'Old Pro' }, active: false }))
      .then(version(2, { name: 'Old Pro' }), new PlanRetired({ planId }));
  });

  it('a second time changes nothing', () => {
    given(aRetiredPlan())
      .when(new RevisePlan({ planId, changes: {}, active: false }))
      .thenNothing();
  });

  it('can be taken back', () => {
    given(aRetiredPlan())
      .when(new RevisePlan({ planId, changes: {}, active: true }))
      .then(new PlanReactivated({ planId }));
    given(aPlan())
      .when(new RevisePlan({ planId, changes: {}, active: true }))
      .thenNothing();
  });
});
