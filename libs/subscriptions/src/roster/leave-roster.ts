import { Command } from '#event-sourcing/command.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import { type RosterEvent, RosterLeft } from './roster.events.js';
import type { Roster } from './roster.state.js';

/** A subscription has ended. */
export class LeaveRoster extends Command('LeaveRoster')<{ readonly accountId: AccountId; readonly subscriptionId: SubscriptionId }> {}

export function leaveRoster({ accountId, subscriptionId }: LeaveRoster['data'], roster: Roster): RosterEvent[] {
  switch (roster.status) {
    case 'open':
      return roster.running.includes(subscriptionId) ? [new RosterLeft({ accountId, subscriptionId })] : [];
    case 'closed':
      // It is the closing itself that has ended the subscription.
      return [];
    default:
      return roster satisfies never;
  }
}
