/** The types that other contexts add fields to. */
export { PaymentView } from './read-models/payment-details/payment-details.query.js';
