/** All that other contexts may know of payments. */
export {
  type PaymentEvent,
  PaymentFailed,
  type PaymentFailure,
  PaymentIntentOpened,
  PaymentOutcomeUnknown,
  PaymentRequested,
  PaymentSucceeded,
  paymentEvents,
} from './payment/payment.events.js';
export { RetryPayment } from './payment/retry-payment.js';
