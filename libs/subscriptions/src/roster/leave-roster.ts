import { Command } from '#event-sourcing/command.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import { type RosterEvent, RosterLeft } from './roster.events.js';
import type { Roster } from './roster.state.js';

/** A subscription has ended. Of a closed roster it is the closing itself that has ended it. */
export class LeaveRoster extends Command('LeaveRoster')<{ readonly accountId: AccountId; readonly subscriptionId: SubscriptionId }> {}

export function leaveRoster({ accountId, subscriptionId }: LeaveRoster['data'], roster: Roster): RosterEvent[] {
  const isRunning = roster.status === 'open' && roster.running.includes(subscriptionId);
  return isRunning ? [new RosterLeft({ accountId, subscriptionId })] : [];
}
