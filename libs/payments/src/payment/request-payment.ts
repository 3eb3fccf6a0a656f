import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { type AccountId, derivedId, type InvoiceId, type PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMethod, PaymentEvent } from './payment.events.js';
import { PaymentRequested, PaymentWithheld } from './payment.events.js';
import { UNCOUNTED_INVOICES_A_DAY } from './payment.policies.js';
import { isUnasked, type Payment } from './payment.state.js';

/**
 * Asks for the first payment of an invoice. Without a payment method nothing is asked, and the invoice stays open; for a
 * parked account it is withheld, and on a day of many invoices until it is admitted.
 */
export class RequestPayment extends Command('RequestPayment')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly issuedAt: Instant;
}> {}

export interface PayerFacts {
  readonly isParked: boolean;
  /** The default payment method of the account, in the gateway's names. */
  readonly method: GatewayMethod | null;
}

export interface RequestFacts extends PayerFacts {
  /** How many invoices of the account were issued within a day before this one, and after its last release: stored, or asked for in the same call. */
  readonly issuedLately: number;
  /** How many of them the account's hold has not counted. */
  readonly unadmittedLately: number;
  /** True when the invoice was paid or given up since it was issued. */
  readonly isClosed: boolean;
}

/** The same attempt is the same payment, whoever asks for it how often. */
export function paymentIdOf(invoiceId: InvoiceId, attempt: number): PaymentId {
  return derivedId(invoiceId, `attempt/${attempt}`);
}

export function requestPayment(
  command: RequestPayment['data'],
  payment: Payment,
  { now, facts }: DecisionContext<RequestFacts>,
): PaymentEvent[] {
  if (!isUnasked(payment) || facts.isClosed) return [];
  const { invoiceId, accountId, amount, issuedAt } = command;
  const { isParked, issuedLately, unadmittedLately } = facts;
  const mustBeAdmitted = issuedLately >= UNCOUNTED_INVOICES_A_DAY;
  if (!isParked && !mustBeAdmitted) return facts.method ? [requested(invoiceId, accountId, 1, amount, facts.method, now)] : [];
  switch (payment.status) {
    case 'absent': {
      const reason = isParked ? 'account_parked' : 'many_invoices';
      const ids = { paymentId: paymentIdOf(invoiceId, 1), invoiceId, accountId };
      return [new PaymentWithheld({ ...ids, amount, issuedAt, reason, unadmittedLately, withheldAt: now })];
    }
    case 'withheld':
      return [];
    default:
      return payment satisfies never;
  }
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
