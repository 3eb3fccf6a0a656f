/** All that other contexts may know of invoices. */
export {
  CollectionDecided,
  InvoiceDrafted,
  type InvoiceEvent,
  InvoiceIssued,
  InvoicePaid,
  invoiceEvents,
} from './invoice/invoice.events.js';
export { RecordInvoicePayment } from './invoice/record-invoice-payment.js';
