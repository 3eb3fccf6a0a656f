/** The types that other contexts add fields to. */
export { InvoiceView } from './read-models/invoice-details/invoice-details.query.js';
