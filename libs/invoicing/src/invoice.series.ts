import { numberedBy } from '#event-sourcing/series.js';
import { InvoiceIssued } from './invoice/invoice.events.js';
import { invoiceDetails } from './read-models/invoice-details/invoice-details.projection.js';

/** Gapless for each prefix and year: `INV-2026-000001`. */
export const invoiceNumbers = numberedBy(InvoiceIssued, {
  seriesOf: ({ data }) => data.series,
  shownIn: [invoiceDetails],
  assign: ({ data }, number) => {
    data.number = `${data.series}-${number.toString().padStart(6, '0')}`;
  },
});
