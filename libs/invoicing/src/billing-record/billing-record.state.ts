import { type AccountId, derivedId, type Id } from '#kernel/ids.js';
import type { BillingRecordEvent } from './billing-record.events.js';

export type BillingRecord = { readonly status: 'living' } | { readonly status: 'kept' } | { readonly status: 'erased' };

export const initialState: BillingRecord = { status: 'living' };

/** What the invoices of an account must say of the person, once nothing else does. */
export function billingRecordIdOf(accountId: AccountId): Id<'billing-record'> {
  return derivedId(accountId, 'billing-record');
}

export function evolve(_record: BillingRecord, event: BillingRecordEvent): BillingRecord {
  return { status: event.type === 'BillingRecordKept' ? 'kept' : 'erased' };
}
