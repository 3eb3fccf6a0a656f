import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId, InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import type { PaymentEvent } from './payment.events.js';
import { accountParked, invoiceNotOpen, paymentAttemptStale, paymentInProgress, paymentMethodMissing } from './payment.refusals.js';
import { isUnasked, type Payment } from './payment.state.js';
import { type PayerFacts, requested } from './request-payment.js';

/** Makes another attempt at an open invoice. The attempt is named, so that two who ask at once ask for the same one. */
export class RetryPayment extends Command('RetryPayment')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly attempt: number;
}> {}

/** An invoice as far as collecting goes. */
export interface CollectibleInvoice {
  readonly isOpen: boolean;
  readonly amountDue: Money;
  /** How many attempts there have been. */
  readonly attempts: number;
  readonly openPaymentId: PaymentId | null;
}

export interface RetryFacts extends PayerFacts {
  readonly invoice: CollectibleInvoice | null;
}

export function retryPayment(command: RetryPayment['data'], payment: Payment, { now, facts }: DecisionContext<RetryFacts>): PaymentEvent[] {
  if (!isUnasked(payment)) return [];
  const { invoiceId, accountId, attempt } = command;
  const { invoice, method } = facts;
  if (facts.isParked) throw accountParked(`The billing of the account ${accountId} is parked.`);
  if (!invoice?.isOpen || !invoice.amountDue.isPositive) throw invoiceNotOpen(`The invoice ${invoiceId} is not open with an amount due.`);
  if (invoice.openPaymentId) throw paymentInProgress(`The payment ${invoice.openPaymentId} of this invoice is not settled.`);
  if (attempt !== invoice.attempts + 1) throw paymentAttemptStale(`Attempt ${attempt} does not follow attempt ${invoice.attempts}.`);
  if (!method) throw paymentMethodMissing(`The account ${accountId} has no default payment method.`);
  return [requested(invoiceId, accountId, attempt, invoice.amountDue, method, now)];
}
