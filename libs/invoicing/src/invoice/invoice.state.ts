import type { AccountId, PaymentId } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import type { InvoiceEvent } from './invoice.events.js';

export type Invoice =
  | { readonly status: 'absent' }
  | { readonly status: 'open'; readonly accountId: AccountId; readonly amountDue: Money }
  | { readonly status: 'paid'; readonly accountId: AccountId; readonly paymentId: PaymentId | null };

export const initialState: Invoice = { status: 'absent' };

export function evolve(_state: Invoice, event: InvoiceEvent): Invoice {
  switch (event.type) {
    case 'InvoiceIssued':
      return { status: 'open', accountId: event.data.accountId, amountDue: event.data.amountDue };
    case 'InvoicePaid':
      return { status: 'paid', accountId: event.data.accountId, paymentId: event.data.paymentId };
    default:
      return event satisfies never;
  }
}
