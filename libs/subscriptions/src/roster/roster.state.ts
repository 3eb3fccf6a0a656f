import type { SubscriptionId } from '#kernel/ids.js';
import type { RosterEvent } from './roster.events.js';

/** The subscriptions of an account that have started and not ended. An account without any has an open, empty roster. */
export type Roster = { readonly status: 'open'; readonly running: readonly SubscriptionId[] } | { readonly status: 'closed' };

export const initialState: Roster = { status: 'open', running: [] };

export function evolve(roster: Roster, event: RosterEvent): Roster {
  if (roster.status !== 'open') throw new Error(`${event.type} follows on a roster that is ${roster.status}.`);
  switch (event.type) {
    case 'RosterEntered':
      return { ...roster, running: [...roster.running, event.data.subscriptionId] };
    case 'RosterLeft':
      return { ...roster, running: roster.running.filter((known) => known !== event.data.subscriptionId) };
    case 'RosterClosed':
      return { status: 'closed' };
    default:
      return event satisfies never;
  }
}
