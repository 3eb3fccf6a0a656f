import type { Answer, Outcome } from '#event-sourcing/command.js';
import type { Sql } from '#event-sourcing/sql.js';
import { etagOf } from '#platform/http/etag.js';
import { rowById } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import { type InvoiceRow, invoiceRows, invoiceView } from '../read-models/invoice-details/invoice-details.query.js';

/** Answers a command with its invoice as it then is, read in the transaction of the command. */
export const answerWithInvoice =
  (status: 200 | 201) =>
  async (sql: Sql, { streamId, version }: Outcome): Promise<Answer> => {
    const row = await rowById<InvoiceRow>(sql, invoiceRows, streamId);
    const location: Record<string, string> = status === 201 ? { Location: `/v1/invoices/${streamId}` } : {};
    return { status, headers: { ETag: etagOf(version), ...location }, body: restForm(invoiceView(row!)) };
  };
