import { type Decider, on } from '#event-sourcing/decider.js';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import type { AccountId } from '#kernel/ids.js';
import { CloseRoster, closeRoster } from './close-roster.js';
import { EnterRoster, enterRoster } from './enter-roster.js';
import { LeaveRoster, leaveRoster } from './leave-roster.js';
import { type RosterEvent, rosterEvents } from './roster.events.js';
import { rosterOf } from './roster.policies.js';
import { evolve, initialState, type Roster } from './roster.state.js';

const stream = ({ accountId }: { readonly accountId: AccountId }) => rosterOf(accountId);
const timeOf = ({ accountId }: { readonly accountId: AccountId }) => accountId;

/** Remembers which subscriptions of an account are running, for the moment in which the account is closed. */
export const RosterDecider: Decider<Roster, RosterEvent> = {
  category: 'roster',
  events: rosterEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  keptState: { version: 1, fields: fieldsOf<Roster>()({}) },
  decisions: [
    on(EnterRoster, { stream, timeOf, decide: enterRoster }),
    on(LeaveRoster, { stream, timeOf, decide: leaveRoster }),
    on(CloseRoster, { stream, timeOf, decide: closeRoster }),
  ],
};
