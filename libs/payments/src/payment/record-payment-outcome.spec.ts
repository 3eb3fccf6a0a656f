import { specification } from '#event-sourcing/testing/specification.js';
import { Money } from '#kernel/money.js';
import { PaymentDecider } from './payment.decider.js';
import { PaymentFailed, PaymentOutcomeUnknown, PaymentSucceeded } from './payment.events.js';
import {
  aDecline,
  aFailedPayment,
  anAccountId,
  anAmount,
  anInvoiceId,
  aPaymentId,
  aPaymentInProcess,
  aPaymentUnknown,
  aPaymentUnknownBeforeItsIntent,
  aRequestedPayment,
  aSucceededPayment,
  askedAt,
  failure,
  requestedAt,
  success,
} from './payment.examples.js';
import { type PaymentOutcome, RecordPaymentOutcome } from './record-payment-outcome.js';

const payment = specification(PaymentDecider);
const now = requestedAt;
const ids = { paymentId: aPaymentId, invoiceId: anInvoiceId, accountId: anAccountId };
const record = (outcome: PaymentOutcome) => new RecordPaymentOutcome({ paymentId: aPaymentId, outcome });
const succeeded = record({ result: 'succeeded', intentId: 'pi_1', chargeId: 'ch_1', amount: anAmount });
const failed = record({ result: 'failed', intentId: 'pi_1', failure: aDecline });
const unknown = record({ result: 'unknown', reason: 'no answer', askedAt });

describe('recording what the gateway told', () => {
  it('ends an open payment, also one whose outcome was unknown', () => {
    payment.given(aPaymentInProcess()).when(succeeded, { now }).then(success);
    payment.given(aPaymentUnknown()).when(succeeded, { now }).then(success);
    payment.given(aPaymentInProcess()).when(failed, { now }).then(failure);
    payment.given(aPaymentUnknown()).when(failed, { now }).then(failure);
  });

  it('ends a payment whose intent was refused or never made', () => {
    const never = record({ result: 'failed', intentId: null, failure: aDecline });
    const ended = new PaymentFailed({ ...ids, attempt: 1, amount: anAmount, intentId: null, failure: aDecline, failedAt: now });
    payment.given(aRequestedPayment()).when(never, { now }).then(ended);
    payment.given(aPaymentUnknownBeforeItsIntent()).when(never, { now }).then(ended);
    // A recorded intent may have been confirmed: that it was never made is then no news of this payment.
    payment.given(aPaymentInProcess()).when(never).thenRefused('payment_outcome_foreign');
  });

  it('records once that the outcome is unknown', () => {
    const event = new PaymentOutcomeUnknown({ ...ids, reason: 'no answer', askedAt });
    payment.given(aRequestedPayment()).when(unknown).then(event);
    payment.given(aPaymentInProcess()).when(unknown).then(event);
    payment.given(aPaymentUnknown()).when(unknown).thenNothing();
  });

  it('takes what comes twice, late or out of order for what it is: nothing new', () => {
    payment.given(aSucceededPayment()).when(succeeded).thenNothing();
    payment.given(aSucceededPayment()).when(failed).thenNothing();
    payment.given(aSucceededPayment()).when(unknown).thenNothing();
    payment.given(aFailedPayment()).when(failed).thenNothing();
    payment.given(aFailedPayment()).when(unknown).thenNothing();
  });

  it('never books money by itself that was not asked for', () => {
    const other = record({ result: 'succeeded', intentId: 'pi_2', chargeId: 'ch_2', amount: anAmount });
    const more = record({ result: 'succeeded', intentId: 'pi_1', chargeId: 'ch_1', amount: Money.of(2901n, 'USD') });
    payment.given(aFailedPayment()).when(succeeded).thenRefused('payment_outcome_foreign');
    payment.given(aSucceededPayment()).when(other).thenRefused('payment_outcome_foreign');
    payment.given(aPaymentInProcess()).when(other).thenRefused('payment_outcome_foreign');
    payment.given(aRequestedPayment()).when(succeeded).thenRefused('payment_outcome_foreign');
    payment.given(aPaymentInProcess()).when(more).thenRefused('payment_outcome_foreign');
  });

  it('refuses a payment that nobody requested', () => {
    payment.given().when(succeeded).thenRefused('payment_not_found');
  });

  it('keeps money that the invoice does not take as a success all the same, and says why', () => {
    const refused = new RecordPaymentOutcome({ ...succeeded.data, unapplied: 'payment_does_not_fit' });
    const unapplied = new PaymentSucceeded({ ...success.data, unapplied: 'payment_does_not_fit' });
    payment.given(aPaymentInProcess()).when(refused, { now }).then(unapplied);
    payment.given(aPaymentUnknown()).when(refused, { now }).then(unapplied);
    payment.given(aSucceededPayment()).when(refused).thenNothing();
  });
});
