import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { BillingRecordErased, type BillingRecordEvent } from './billing-record.events.js';
import type { BillingRecord } from './billing-record.state.js';

/** The date has come until which it had to be kept. */
export class EraseBillingRecord extends Command('EraseBillingRecord')<{ readonly accountId: AccountId }> {}

export function eraseBillingRecord({ accountId }: EraseBillingRecord['data'], record: BillingRecord): BillingRecordEvent[] {
  switch (record.status) {
    case 'kept':
      return [new BillingRecordErased({ accountId })];
    case 'living':
    case 'erased':
      return [];
    default:
      return record satisfies never;
  }
}
