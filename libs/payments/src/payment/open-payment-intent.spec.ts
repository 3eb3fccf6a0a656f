import { specification } from '#event-sourcing/testing/specification.js';
import { OpenPaymentIntent } from './open-payment-intent.js';
import { PaymentDecider } from './payment.decider.js';
import { PaymentIntentOpened } from './payment.events.js';
import {
  aFailedPayment,
  anAccountId,
  anInvoiceId,
  aPaymentId,
  aPaymentInProcess,
  aPaymentUnknown,
  aPaymentUnknownBeforeItsIntent,
  aRequestedPayment,
  aSucceededPayment,
  askedAt,
} from './payment.examples.js';

const payment = specification(PaymentDecider);
const open = new OpenPaymentIntent({ paymentId: aPaymentId, intentId: 'pi_1', askedAt });
const other = new OpenPaymentIntent({ paymentId: aPaymentId, intentId: 'pi_2', askedAt });
const opened = new PaymentIntentOpened({
  paymentId: aPaymentId,
  invoiceId: anInvoiceId,
  accountId: anAccountId,
  intentId: 'pi_1',
  askedAt,
});

describe('opening the intent of a payment', () => {
  it('is recorded before the intent is confirmed, also when it was found later', () => {
    payment.given(aRequestedPayment()).when(open).then(opened);
    payment.given(aPaymentUnknownBeforeItsIntent()).when(open).then(opened);
  });

  it('counts once', () => {
    payment.given(aPaymentInProcess()).when(open).thenNothing();
    payment.given(aPaymentUnknown()).when(open).thenNothing();
  });

  it('refuses a second intent, since both could be charged', () => {
    payment.given(aPaymentInProcess()).when(other).thenRefused('payment_outcome_foreign');
    payment.given(aPaymentUnknown()).when(other).thenRefused('payment_outcome_foreign');
  });

  it('refuses one that comes after the end, so that nobody confirms it', () => {
    payment.given(aFailedPayment()).when(other).thenRefused('payment_outcome_foreign');
    payment.given(aSucceededPayment()).when(other).thenRefused('payment_outcome_foreign');
  });

  it('refuses a payment that nobody requested', () => {
    payment.given().when(open).thenRefused('payment_not_found');
  });
});
