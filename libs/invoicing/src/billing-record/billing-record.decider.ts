import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import type { AccountId } from '#kernel/ids.js';
import { issuedFacts } from '../facts/billing-record.facts.js';
import { type BillingRecordEvent, billingRecordEvents } from './billing-record.events.js';
import { type BillingRecord, billingRecordIdOf, evolve, initialState } from './billing-record.state.js';
import { EraseBillingRecord, eraseBillingRecord } from './erase-billing-record.js';
import { KeepBillingRecord, keepBillingRecord } from './keep-billing-record.js';

const stream = ({ accountId }: { readonly accountId: AccountId }) => billingRecordIdOf(accountId);
const timeOf = ({ accountId }: { readonly accountId: AccountId }) => accountId;

/** How long the particulars that invoices refer to outlive the person. */
export const BillingRecordDecider: Decider<BillingRecord, BillingRecordEvent> = {
  category: 'billing-record',
  events: billingRecordEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  decisions: [
    onWithFacts(KeepBillingRecord, { stream, timeOf, facts: issuedFacts, decide: keepBillingRecord }),
    on(EraseBillingRecord, { stream, timeOf, decide: eraseBillingRecord }),
  ],
};
