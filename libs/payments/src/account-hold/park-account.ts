import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId } from '#kernel/ids.js';
import { type AccountHoldEvent, AccountParked, type ParkReason } from './account-hold.events.js';
import type { AccountHold } from './account-hold.state.js';

/** Stops the billing of an account that looks impossible. The first reason is kept; others add nothing. */
export class ParkAccount extends Command('ParkAccount')<{
  readonly accountId: AccountId;
  readonly reason: ParkReason;
  readonly details: string;
}> {}

export function parkAccount(command: ParkAccount['data'], hold: AccountHold, { now }: DecisionContext): AccountHoldEvent[] {
  switch (hold.status) {
    case 'free':
      return [new AccountParked({ ...command, parkedAt: now })];
    case 'parked':
      return [];
    default:
      return hold satisfies never;
  }
}
