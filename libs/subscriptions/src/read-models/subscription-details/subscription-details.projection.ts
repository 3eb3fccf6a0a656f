import { ignored, insert, readModel, update } from '#event-sourcing/read-model.js';
import { InvoiceIssued } from '#invoicing/contract.js';
import { subscriptionEvents } from '../../subscription/subscription.events.js';

/** Each subscription as REST and GraphQL show it. */
export const subscriptionDetails = readModel([...subscriptionEvents, InvoiceIssued], {
  table: 'subscriptions.subscription_details',
  tracksVersion: true,
  columns: {
    account_id: 'uuid',
    plan_id: 'uuid',
    plan_version: 'integer',
    status: 'text',
    items: 'json',
    currency: 'text',
    started_at: 'timestamptz',
    current_period_start: 'timestamptz',
    current_period_end: 'timestamptz?',
    trial_end: 'timestamptz?',
    anchor: 'json?',
    cancel_at_period_end: 'boolean',
    ends_at: 'timestamptz?',
    canceled_at: 'timestamptz?',
    latest_invoice_id: 'uuid?',
    external_id: 'text?',
    metadata: 'json',
    created_at: 'timestamptz',
  },
  on: {
    SubscriptionStarted: ({ data }, { effectiveAt }) =>
      insert(data.subscriptionId, {
        account_id: data.accountId,
        plan_id: data.terms.planId,
        plan_version: data.terms.planVersion,
        status: data.trialEnd === null ? 'active' : 'trialing',
        items: data.items,
        currency: data.currency,
        started_at: data.startedAt,
        current_period_start: data.startedAt,
        current_period_end: data.trialEnd,
        trial_end: data.trialEnd,
        cancel_at_period_end: false,
        external_id: data.externalId ?? null,
        metadata: data.metadata,
        created_at: effectiveAt,
      }),
    PeriodStarted: ({ data: { subscriptionId, period, anchor } }) => {
      const current = { current_period_start: period.start, current_period_end: period.end };
      return update(subscriptionId, anchor ? { ...current, status: 'active', anchor } : current);
    },
    PeriodEnded: ignored,
    UsageSettled: ignored,
    CancellationScheduled: ({ data }) => update(data.subscriptionId, { cancel_at_period_end: true, ends_at: data.endsAt }),
    SubscriptionCanceled: ({ data }) =>
      update(data.subscriptionId, {
        status: 'canceled',
        canceled_at: data.canceledAt,
        ends_at: data.canceledAt,
        cancel_at_period_end: data.ends === 'at-period-end',
      }),
    BillingRetried: ignored,
    InvoiceIssued: ({ data: { invoiceId, lines } }) =>
      [...new Set(lines.flatMap(({ subscriptionId }) => subscriptionId ?? []))].map((id) => update(id, { latest_invoice_id: invoiceId })),
  },
});
