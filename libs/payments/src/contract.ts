/** All that other contexts may know of payments. */
export { AccountParked, AccountReleased } from './account-hold/account-hold.events.js';
export { ParkAccount } from './account-hold/park-account.js';
export { type Reconciled, ReconcileGateway } from './jobs/reconcile-gateway.job.js';
export {
  type PaymentEvent,
  PaymentFailed,
  type PaymentFailure,
  PaymentIntentOpened,
  PaymentOutcomeUnknown,
  PaymentRequested,
  PaymentSucceeded,
  PaymentWithheld,
  paymentEvents,
} from './payment/payment.events.js';
export { RetryPayment } from './payment/retry-payment.js';
