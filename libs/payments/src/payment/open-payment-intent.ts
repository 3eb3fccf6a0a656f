import { Command } from '#event-sourcing/command.js';
import type { PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { PaymentEvent } from './payment.events.js';
import { PaymentIntentOpened } from './payment.events.js';
import { paymentNotFound, paymentOutcomeForeign } from './payment.refusals.js';
import { isOpen, isUnasked, type Payment } from './payment.state.js';

/** Records which intent the gateway made for a payment. Nothing is confirmed that is not recorded here first. */
export class OpenPaymentIntent extends Command('OpenPaymentIntent')<{
  readonly paymentId: PaymentId;
  readonly intentId: string;
  /** In real time. */
  readonly askedAt: Instant;
}> {}

export function openPaymentIntent(command: OpenPaymentIntent['data'], payment: Payment): PaymentEvent[] {
  if (isUnasked(payment)) throw paymentNotFound(`There is no payment ${command.paymentId}.`);
  const { intentId, askedAt } = command;
  if (payment.intentId === intentId) return [];
  // Two intents could be charged twice; and whoever comes too late must learn that there is nothing left to confirm.
  if (payment.intentId !== null || !isOpen(payment)) {
    throw paymentOutcomeForeign(`The payment ${payment.paymentId} is ${payment.status} and does not take the intent ${intentId}.`);
  }
  const { paymentId, invoiceId, accountId } = payment;
  return [new PaymentIntentOpened({ paymentId, invoiceId, accountId, intentId, askedAt })];
}
