import { reactionOf } from '#event-sourcing/testing/specification.js';
import { derivedId, type SubscriptionId } from '#kernel/ids.js';
import { SubscriptionCanceled } from '#subscriptions/contract.js';
import { AdmitRun } from '../account-hold/admit-run.js';
import { anAccountId, requestedAt } from '../payment/payment.examples.js';
import { admitRunWhenTimerBills } from './account-hold.saga.js';

const subscriptionId: SubscriptionId = derivedId(anAccountId, 'subscription');
const canceled = new SubscriptionCanceled({ subscriptionId, accountId: anAccountId, canceledAt: requestedAt });

describe('the hold of an account', () => {
  it('is asked about by what a timer brings about, and not by what a person asks for', () => {
    reactionOf(admitRunWhenTimerBills)
      .when(canceled, { actor: 'timer:renewal' })
      .then(new AdmitRun({ accountId: anAccountId }));
    reactionOf(admitRunWhenTimerBills).when(canceled, { actor: 'api-key:0190' }).then();
  });

  it('is asked with the fact, so that the refusal takes it back', () => {
    expect(admitRunWhenTimerBills.settles).toBe('with');
  });
});
