import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { Refusal } from '#kernel/refusal.js';
import type { PaymentEvent, PaymentFailure } from './payment.events.js';
import { PaymentFailed, PaymentOutcomeUnknown, PaymentSucceeded } from './payment.events.js';
import { paymentNotFound, paymentOutcomeForeign } from './payment.refusals.js';
import type { OpenPayment, Payment, RequestedPayment } from './payment.state.js';

export type PaymentOutcome =
  | { readonly result: 'succeeded'; readonly intentId: string; readonly chargeId: string; readonly amount: Money }
  | { readonly result: 'failed'; readonly intentId: string | null; readonly failure: PaymentFailure }
  | { readonly result: 'unknown'; readonly reason: string; readonly askedAt: Instant };

/** Records what the gateway told about a payment: the one end of collecting, asking again and webhooks, in any order and number. */
export class RecordPaymentOutcome extends Command('RecordPaymentOutcome')<{
  readonly paymentId: PaymentId;
  readonly outcome: PaymentOutcome;
  /** The code with which the invoice has refused the money, when it has: what was charged is a fact all the same. */
  readonly unapplied?: string;
}> {}

export function recordPaymentOutcome(command: RecordPaymentOutcome['data'], payment: Payment, { now }: DecisionContext): PaymentEvent[] {
  const { paymentId, outcome, unapplied } = command;
  switch (payment.status) {
    case 'absent':
    case 'withheld':
      throw paymentNotFound(`There is no payment ${paymentId}.`);
    case 'pending':
    case 'processing':
      return settled(payment, outcome, unapplied, now);
    case 'unknown':
      return outcome.result === 'unknown' ? [] : settled(payment, outcome, unapplied, now);
    // What is told later than the end is an echo of it, except for money.
    case 'succeeded':
      if (outcome.result !== 'succeeded' || outcome.intentId === payment.intentId) return [];
      throw chargedAfterTheEnd(payment, outcome.intentId);
    case 'failed':
      if (outcome.result !== 'succeeded') return [];
      throw chargedAfterTheEnd(payment, outcome.intentId);
    default:
      return payment satisfies never;
  }
}

function chargedAfterTheEnd({ paymentId, status }: Payment & RequestedPayment, intentId: string): Refusal {
  return paymentOutcomeForeign(`The intent ${intentId} was charged although the payment ${paymentId} is ${status}.`);
}

function settled(payment: OpenPayment, outcome: PaymentOutcome, unapplied: string | undefined, now: Instant): PaymentEvent[] {
  const { paymentId, invoiceId, accountId, attempt, amount } = payment;
  const ids = { paymentId, invoiceId, accountId };
  switch (outcome.result) {
    case 'unknown':
      return [new PaymentOutcomeUnknown({ ...ids, reason: outcome.reason, askedAt: outcome.askedAt })];
    case 'failed':
      assertOurs(payment, outcome.intentId);
      return [new PaymentFailed({ ...ids, attempt, amount, intentId: outcome.intentId, failure: outcome.failure, failedAt: now })];
    case 'succeeded':
      assertOurs(payment, outcome.intentId);
      if (!outcome.amount.equals(amount)) {
        throw paymentOutcomeForeign(`The intent ${outcome.intentId} was charged with ${outcome.amount} instead of ${amount}.`);
      }
      return [
        new PaymentSucceeded({
          ...{ ...ids, gateway: payment.method.gateway, amount, intentId: outcome.intentId, chargeId: outcome.chargeId, succeededAt: now },
          ...(unapplied && { unapplied }),
        }),
      ];
    default:
      return outcome satisfies never;
  }
}

/** Only the recorded intent is ever confirmed by us, so news of another one are not about this payment. */
function assertOurs(payment: OpenPayment, intentId: string | null): void {
  if (payment.intentId !== intentId) {
    throw paymentOutcomeForeign(
      `The payment ${payment.paymentId} has the intent ${payment.intentId ?? 'none'}, not ${intentId ?? 'none'}.`,
    );
  }
}
