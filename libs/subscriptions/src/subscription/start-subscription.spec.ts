import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { StartSubscription, startSubscription } from './start-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { anActive, anchored, january31, period, proFacts, started, startPro } from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const now = january31;

describe('US3: starting a subscription', () => {
  it('anchors the cycle and begins the first period at once', () => {
    given().when(new StartSubscription(startPro), { now, facts: proFacts }).then(started(), anchored(), period(0));
  });

  it('begins with the trial of the plan', () => {
    const facts = { ...proFacts, plan: { ...proFacts.plan!, trialDays: 14 } };
    given()
      .when(new StartSubscription(startPro), { now, facts })
      .then(started(instant('2026-02-14T15:00:00Z')));
  });

  it('lets the caller leave the trial out', () => {
    const facts = { ...proFacts, plan: { ...proFacts.plan!, trialDays: 14 } };
    given()
      .when(new StartSubscription({ ...startPro, trialDays: 0 }), { now, facts })
      .then(started(), anchored(), period(0));
  });

  it('does nothing the second time', () => {
    given(anActive()).when(new StartSubscription(startPro), { now, facts: proFacts }).thenNothing();
  });

  it('refuses an account that does not exist', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, account: null } })
      .thenRefused('account_not_found');
  });

  it('refuses a closed account', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, account: { ...proFacts.account!, closed: true } } })
      .thenRefused('account_closed');
  });

  it('refuses a plan that does not exist', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, plan: null } })
      .thenRefused('plan_not_found');
  });

  it('refuses a retired plan', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, plan: { ...proFacts.plan!, active: false } } })
      .thenRefused('plan_retired');
  });

  it('refuses a plan without a price in the currency of the account', () => {
    const facts = { ...proFacts, account: { ...proFacts.account!, currency: 'EUR' as const } };
    given().when(new StartSubscription(startPro), { now, facts }).thenRefused('currency_mismatch');
  });

  it('says what is wrong with the plan of the field that named it', () => {
    const context = { now, facts: { ...proFacts, plan: null } };
    const refused = (data: typeof startPro & { planCode?: string }) => () => startSubscription(data, { status: 'absent' }, context);
    expect(refused(startPro)).toThrow(expect.objectContaining({ pointer: '/planId' }));
    expect(refused({ ...startPro, planCode: 'pro' })).toThrow(expect.objectContaining({ pointer: '/planCode' }));
  });

  it('refuses a quantity that costs more than can be kept exactly', () => {
    const price = { ...proFacts.plan!.prices[0]!, model: 'perUnit' as const, currencies: { USD: { unitAmount: '9007199254740991' } } };
    const facts = { ...proFacts, plan: { ...proFacts.plan!, prices: [price] } };
    given()
      .when(new StartSubscription({ ...startPro, quantity: 2 }), { now, facts })
      .thenRefused('amount_too_large');
  });

  it('refuses a start so long ago that it must be a slip', () => {
    given()
      .when(new StartSubscription({ ...startPro, startAt: instant('2016-01-31T15:00:00Z') }), { now, facts: proFacts })
      .thenRefused('start_at_too_old');
  });

  it('refuses a start in the future', () => {
    given()
      .when(new StartSubscription({ ...startPro, startAt: instant('2026-03-01T00:00:00Z') }), { now, facts: proFacts })
      .thenRefused('start_at_in_future');
  });

  it('charges a first period that is cut short by the days it has', () => {
    const command = new StartSubscription({ ...startPro, anchorDay: 10 });
    const events = SubscriptionDecider.decisions
      .find(({ command: { type } }) => type === command.type)!
      .decide(command.data, { status: 'absent' }, { now, facts: proFacts });
    expect(events.at(-1)!.data).toMatchObject({
      period: { start: january31, end: '2026-02-10T15:00:00.000Z' },
      charges: [{ proration: { numerator: '10', denominator: '31', unit: 'day' }, amount: { amount: 935n } }],
    });
  });
});
