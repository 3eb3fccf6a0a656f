import { Command } from '#event-sourcing/command.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import { accountNotOpen } from '../subscription/subscription.refusals.js';
import { RosterEntered, type RosterEvent } from './roster.events.js';
import type { Roster } from './roster.state.js';

/** A subscription has started. Sent with its start, which a closed roster takes back. */
export class EnterRoster extends Command('EnterRoster')<{ readonly accountId: AccountId; readonly subscriptionId: SubscriptionId }> {}

export function enterRoster({ accountId, subscriptionId }: EnterRoster['data'], roster: Roster): RosterEvent[] {
  switch (roster.status) {
    case 'open':
      return roster.running.includes(subscriptionId) ? [] : [new RosterEntered({ accountId, subscriptionId })];
    case 'closed':
      throw accountNotOpen(`The account ${accountId} is closed.`, { pointer: '/accountId' });
    default:
      return roster satisfies never;
  }
}
