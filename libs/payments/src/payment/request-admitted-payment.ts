import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId, InvoiceId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { PaymentEvent } from './payment.events.js';
import { isUnasked, type Payment } from './payment.state.js';
import { type RequestFacts, requested } from './request-payment.js';

/** Asks for the payment of an invoice that was withheld on a day of many, now that the account's hold has counted and admitted it. */
export class RequestAdmittedPayment extends Command('RequestAdmittedPayment')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly issuedAt: Instant;
}> {}

export function requestAdmittedPayment(
  { invoiceId, accountId, amount }: RequestAdmittedPayment['data'],
  payment: Payment,
  { now, facts: { method, isClosed, isParked } }: DecisionContext<RequestFacts>,
): PaymentEvent[] {
  if (!isUnasked(payment) || isClosed || isParked || !method) return [];
  return [requested(invoiceId, accountId, 1, amount, method, now)];
}
