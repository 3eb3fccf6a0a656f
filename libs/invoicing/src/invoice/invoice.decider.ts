import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { factsForIssue } from '../facts/issue-invoice.facts.js';
import { type InvoiceEvent, invoiceEvents } from './invoice.events.js';
import { evolve, type Invoice, initialState } from './invoice.state.js';
import { IssueInvoice, issueInvoice } from './issue-invoice.js';
import { RecordInvoicePayment, recordInvoicePayment } from './record-invoice-payment.js';

const stream = ({ invoiceId }: { readonly invoiceId: IssueInvoice['data']['invoiceId'] }) => invoiceId;

/** The table of what can be asked of an invoice, and who decides it. */
export const InvoiceDecider: Decider<Invoice, InvoiceEvent> = {
  category: 'invoice',
  events: invoiceEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  decisions: [
    onWithFacts(IssueInvoice, { stream, begins: true, timeOf: ({ accountId }) => accountId, facts: factsForIssue, decide: issueInvoice }),
    on(RecordInvoicePayment, { stream, decide: recordInvoicePayment }),
  ],
};
