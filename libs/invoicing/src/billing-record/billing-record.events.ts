import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { AccountId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

interface OfRecord {
  readonly accountId: AccountId;
}

/** The person of the account is erased; its issued invoices must say for a while yet whom they billed. */
export class BillingRecordKept extends DomainEvent('BillingRecordKept')<OfRecord & { readonly until: Instant }> {}

/** Nothing obliges anybody to keep it any more, or nothing ever did. */
export class BillingRecordErased extends DomainEvent('BillingRecordErased')<OfRecord> {}

export const billingRecordEvents = [BillingRecordKept, BillingRecordErased] as const;
export type BillingRecordEvent = EventOf<typeof billingRecordEvents>;
