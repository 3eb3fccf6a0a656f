import { ERASED } from '#event-sourcing/declared-fields.js';
import { ignored, insert, readModel, update } from '#event-sourcing/read-model.js';
import { paymentEvents } from '../../payment/payment.events.js';

/** Payments as the API shows them. A partial unique index lets one attempt of an invoice be open at a time. */
export const paymentDetails = readModel(paymentEvents, {
  table: 'payments.payment_details',
  tracksVersion: true,
  columns: {
    invoice_id: 'uuid',
    account_id: 'uuid',
    attempt: 'integer',
    status: 'text',
    amount: 'bigint',
    currency: 'text',
    gateway: 'text',
    intent_id: 'text?',
    charge_id: 'text?',
    failure_code: 'text?',
    failure_message: 'text?',
    created_at: 'timestamptz',
    settled_at: 'timestamptz?',
    unapplied: 'text?',
  },
  person: { account: 'account_id', columns: { failure_message: ERASED } },
  on: {
    PaymentRequested: ({ data }) =>
      insert(data.paymentId, {
        invoice_id: data.invoiceId,
        account_id: data.accountId,
        attempt: data.attempt,
        status: 'pending',
        amount: data.amount.amount,
        currency: data.amount.currency,
        gateway: data.method.gateway,
        created_at: data.requestedAt,
      }),
    PaymentWithheld: ignored,
    PaymentIntentOpened: ({ data }) => update(data.paymentId, { status: 'processing', intent_id: data.intentId }),
    PaymentOutcomeUnknown: ({ data }) => update(data.paymentId, { status: 'unknown' }),
    PaymentSucceeded: ({ data }) =>
      update(data.paymentId, {
        status: 'succeeded',
        charge_id: data.chargeId,
        settled_at: data.succeededAt,
        unapplied: data.unapplied ?? null,
      }),
    PaymentFailed: ({ data: { paymentId, failure, failedAt } }) =>
      update(paymentId, { status: 'failed', failure_code: failure.code, failure_message: failure.message, settled_at: failedAt }),
  },
});
