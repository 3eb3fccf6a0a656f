/** All that other contexts may know of accounts. */
export {
  AccountChanged,
  AccountClosed,
  AccountCreated,
  AccountErased,
  type AccountEvent,
  accountEvents,
  DefaultPaymentMethodChanged,
  type Particulars,
  PaymentMethodAdded,
  PaymentMethodRemoved,
  type PostalAddress,
  type TaxId,
  type VerifiedPaymentMethod,
} from './account/account.events.js';
export { paymentMethodRefused } from './account/account.refusals.js';
export { EraseAccount } from './account/erase-account.js';
export { PaymentMethodVerification, type VerificationRequest } from './account/payment-method-verification.js';
export { AccountContacts } from './read-models/account-details/account-contacts.query.js';
export { BilledParticulars, type BillTo } from './stores/billed-particulars.store.js';
