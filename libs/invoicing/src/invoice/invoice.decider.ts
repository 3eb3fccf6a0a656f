import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { termsOfDrafts, termsOfInvoices } from '../facts/billing-terms.facts.js';
import { CreateInvoice, createInvoice } from './create-invoice.js';
import { type InvoiceEvent, invoiceEvents } from './invoice.events.js';
import { evolve, type Invoice, initialState } from './invoice.state.js';
import { IssueDraft, issueDraft } from './issue-draft.js';
import { IssueInvoice, issueInvoice } from './issue-invoice.js';
import { RecordInvoicePayment, recordInvoicePayment } from './record-invoice-payment.js';

const stream = ({ invoiceId }: { readonly invoiceId: IssueInvoice['data']['invoiceId'] }) => invoiceId;
const timeOf = ({ accountId }: { readonly accountId: IssueInvoice['data']['accountId'] }) => accountId;

/** The table of what can be asked of an invoice, and who decides it. */
export const InvoiceDecider: Decider<Invoice, InvoiceEvent> = {
  category: 'invoice',
  events: invoiceEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  decisions: [
    onWithFacts(IssueInvoice, { stream, begins: true, timeOf, facts: termsOfInvoices, decide: issueInvoice }),
    onWithFacts(CreateInvoice, { stream, timeOf, facts: termsOfInvoices, decide: createInvoice }),
    onWithFacts(IssueDraft, { stream, facts: termsOfDrafts, decide: issueDraft }),
    on(RecordInvoicePayment, { stream, decide: recordInvoicePayment }),
  ],
};
