import type { CommandMeta } from '#event-sourcing/command.js';
import { Refusal } from '#kernel/refusal.js';
import { paymentOutcomeForeign } from '../payment/payment.refusals.js';
import { RecordPaymentOutcome } from '../payment/record-payment-outcome.js';

const REFUSED_BY_INVOICE: ReadonlySet<string> = new Set(['payment_does_not_fit', 'invoice_not_found']);

/** True when the gateway tells of money that we did not ask for. */
export function isForeign(error: unknown): error is Refusal & { code: 'payment_outcome_foreign' } {
  return error instanceof Refusal && error.code === paymentOutcomeForeign.definition.code;
}

/**
 * Records what the gateway told. A success closes its invoice in the same transaction, which the invoice refuses when it was
 * paid or given up meanwhile; the money has moved all the same, so the success is then recorded without the invoice.
 */
export async function recordOutcome(
  data: RecordPaymentOutcome['data'],
  meta: CommandMeta,
  send: (command: RecordPaymentOutcome) => Promise<unknown>,
): Promise<void> {
  try {
    await send(new RecordPaymentOutcome(data, meta));
  } catch (error) {
    // Only what the invoice itself says: anything else may pass, and the job comes back.
    if (!(error instanceof Refusal) || !REFUSED_BY_INVOICE.has(error.code) || data.outcome.result !== 'succeeded') throw error;
    await send(new RecordPaymentOutcome({ ...data, unapplied: error.code }, meta));
  }
}
