import { numberedBy } from '#event-sourcing/series.js';
import { invoiceDetails } from '../read-models/invoice-details/invoice-details.projection.js';
import { InvoiceIssued } from './invoice.events.js';

/** Gapless for each prefix and year: `INV-2026-000001`. */
export const invoiceNumbers = numberedBy(InvoiceIssued, {
  seriesOf: ({ data }) => data.series,
  shownIn: [invoiceDetails],
  assign: ({ data }, number) => {
    data.number = `${data.series}-${number.toString().padStart(6, '0')}`;
  },
});
