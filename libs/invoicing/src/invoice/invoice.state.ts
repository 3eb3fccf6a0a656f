import type { AccountId, PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { DocumentContents, InvoiceEvent } from './invoice.events.js';

export interface Draft {
  readonly status: 'draft';
  readonly accountId: AccountId;
  readonly contents: DocumentContents;
  readonly dueAt: Instant | null;
}

export type Invoice =
  | { readonly status: 'absent' }
  | Draft
  | { readonly status: 'open'; readonly accountId: AccountId; readonly amountDue: Money }
  | { readonly status: 'paid'; readonly accountId: AccountId; readonly paymentId: PaymentId | null };

export const initialState: Invoice = { status: 'absent' };

export function evolve(state: Invoice, event: InvoiceEvent): Invoice {
  switch (event.type) {
    case 'InvoiceDrafted': {
      const { invoiceId: _, accountId, draftedAt: __, dueAt, ...contents } = event.data;
      return { status: 'draft', accountId, contents, dueAt };
    }
    case 'InvoiceIssued':
      return { status: 'open', accountId: event.data.accountId, amountDue: event.data.total };
    case 'CollectionDecided':
      if (state.status !== 'open') throw new Error(`What is collected was decided for an invoice that is ${state.status}.`);
      return { ...state, amountDue: event.data.amountDue };
    case 'InvoicePaid':
      return { status: 'paid', accountId: event.data.accountId, paymentId: event.data.paymentId };
    default:
      return event satisfies never;
  }
}
