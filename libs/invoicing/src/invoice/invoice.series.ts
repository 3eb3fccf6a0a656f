import { numberedBy } from '#event-sourcing/series.js';
import { InvoiceIssued } from './invoice.events.js';

/** Gapless for each prefix and year: `INV-2026-000001`. */
export const invoiceNumbers = numberedBy(InvoiceIssued, {
  seriesOf: ({ data }) => data.series,
  assign: ({ data }, number) => {
    data.number = `${data.series}-${number.toString().padStart(6, '0')}`;
  },
});
