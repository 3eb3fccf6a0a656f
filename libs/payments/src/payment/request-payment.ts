import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { type AccountId, derivedId, type InvoiceId, type PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMethod, PaymentEvent } from './payment.events.js';
import { PaymentRequested } from './payment.events.js';
import type { Payment } from './payment.state.js';

/** Asks for the first payment of an invoice. Without a payment method nothing is asked, and the invoice stays open. */
export class RequestPayment extends Command('RequestPayment')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly amount: Money;
}> {}

export interface PayerFacts {
  /** The default payment method of the account, in the gateway's names. */
  readonly method: GatewayMethod | null;
}

/** The same attempt is the same payment, whoever asks for it how often. */
export function paymentIdOf(invoiceId: InvoiceId, attempt: number): PaymentId {
  return derivedId(invoiceId, `attempt/${attempt}`);
}

export function requestPayment(
  command: RequestPayment['data'],
  payment: Payment,
  { now, facts }: DecisionContext<PayerFacts>,
): PaymentEvent[] {
  if (payment.status !== 'absent' || !facts.method) return [];
  return [requested(command.invoiceId, command.accountId, 1, command.amount, facts.method, now)];
}

export function requested(
  invoiceId: InvoiceId,
  accountId: AccountId,
  attempt: number,
  amount: Money,
  method: GatewayMethod,
  now: Instant,
): PaymentRequested {
  const paymentId = paymentIdOf(invoiceId, attempt);
  return new PaymentRequested({
    paymentId,
    invoiceId,
    accountId,
    attempt,
    amount,
    method,
    gatewayKey: `perennial/${paymentId}`,
    requestedAt: now,
  });
}
