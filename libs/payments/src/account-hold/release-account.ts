import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId } from '#kernel/ids.js';
import { accountNotParked } from '../payment/payment.refusals.js';
import { type AccountHoldEvent, AccountReleased, type WithheldInvoice } from './account-hold.events.js';
import type { AccountHold } from './account-hold.state.js';

/** Lets the billing of a parked account go on, with the reason of the person who has looked at it. */
export class ReleaseAccount extends Command('ReleaseAccount')<{
  readonly accountId: AccountId;
  readonly reason: string;
}> {}

export interface ReleaseFacts {
  readonly withheld: readonly WithheldInvoice[];
}

export function releaseAccount(
  { accountId, reason }: ReleaseAccount['data'],
  hold: AccountHold,
  { now, facts }: DecisionContext<ReleaseFacts>,
): AccountHoldEvent[] {
  switch (hold.status) {
    case 'free':
      throw accountNotParked(`The billing of the account ${accountId} is not parked.`);
    case 'parked':
      return [new AccountReleased({ accountId, reason, withheld: facts.withheld, releasedAt: now })];
    default:
      return hold satisfies never;
  }
}
