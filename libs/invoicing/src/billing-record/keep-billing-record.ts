import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { BillingRecordErased, type BillingRecordEvent, BillingRecordKept } from './billing-record.events.js';
import { keptUntil } from './billing-record.policies.js';
import type { BillingRecord } from './billing-record.state.js';

/** Decides how long the law wants it known whom an account's invoices billed, now that the person is erased. */
export class KeepBillingRecord extends Command('KeepBillingRecord')<{ readonly accountId: AccountId }> {}

export interface IssuedFacts {
  /** Null where no invoice was ever issued. */
  readonly lastIssuedAt: Instant | null;
}

export function keepBillingRecord(
  { accountId }: KeepBillingRecord['data'],
  record: BillingRecord,
  { now, facts: { lastIssuedAt } }: DecisionContext<IssuedFacts>,
): BillingRecordEvent[] {
  switch (record.status) {
    case 'living': {
      const until = lastIssuedAt && keptUntil(lastIssuedAt);
      return until && until > now ? [new BillingRecordKept({ accountId, until })] : [new BillingRecordErased({ accountId })];
    }
    case 'kept':
    case 'erased':
      return [];
    default:
      return record satisfies never;
  }
}
