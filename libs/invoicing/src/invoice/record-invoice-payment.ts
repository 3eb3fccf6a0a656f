import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import type { InvoiceEvent } from './invoice.events.js';
import { InvoicePaid } from './invoice.events.js';
import { invoiceNotFound, paymentDoesNotFit } from './invoice.refusals.js';
import type { Invoice } from './invoice.state.js';

/** Closes an invoice with the payment that covers it. */
export class RecordInvoicePayment extends Command('RecordInvoicePayment')<{
  readonly invoiceId: InvoiceId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
}> {}

export function recordInvoicePayment(command: RecordInvoicePayment['data'], invoice: Invoice, { now }: DecisionContext): InvoiceEvent[] {
  const { invoiceId, paymentId, amount } = command;
  switch (invoice.status) {
    case 'absent':
      throw invoiceNotFound(`There is no invoice ${invoiceId}.`);
    case 'draft':
      throw paymentDoesNotFit(`The invoice ${invoiceId} is a draft, so nothing is owed by it.`);
    case 'paid':
      if (invoice.paymentId === paymentId) return [];
      throw paymentDoesNotFit(`The invoice ${invoiceId} is paid already.`);
    case 'open': {
      const { accountId, amountDue } = invoice;
      if (!amountDue.equals(amount)) throw paymentDoesNotFit(`The invoice is due with ${amountDue}, the payment is ${amount}.`);
      return [new InvoicePaid({ invoiceId, accountId, paymentId, amountPaid: amount, paidAt: now })];
    }
    default:
      return invoice satisfies never;
  }
}
