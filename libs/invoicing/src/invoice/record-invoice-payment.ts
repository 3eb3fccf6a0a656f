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
  if (invoice.status === 'absent') throw invoiceNotFound(`There is no invoice ${command.invoiceId}.`);
  if (invoice.status === 'paid' && invoice.paymentId === command.paymentId) return [];
  if (invoice.status === 'paid') throw paymentDoesNotFit(`The invoice ${command.invoiceId} is paid already.`);
  if (!invoice.amountDue.equals(command.amount)) {
    throw paymentDoesNotFit(`The invoice is due with ${invoice.amountDue}, the payment is ${command.amount}.`);
  }
  const { invoiceId, paymentId, amount } = command;
  return [new InvoicePaid({ invoiceId, accountId: invoice.accountId, paymentId, amountPaid: amount, paidAt: now })];
}
