import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { releaseFacts } from '../handlers/release-account.handler.js';
import { type AccountHoldEvent, accountHoldEvents } from './account-hold.events.js';
import { type AccountHold, evolve, holdIdOf, initialState } from './account-hold.state.js';
import { ParkAccount, parkAccount } from './park-account.js';
import { ReleaseAccount, releaseAccount } from './release-account.js';

const stream = ({ accountId }: ParkAccount['data'] | ReleaseAccount['data']) => holdIdOf(accountId);
const timeOf = ({ accountId }: ParkAccount['data'] | ReleaseAccount['data']) => accountId;

export const AccountHoldDecider: Decider<AccountHold, AccountHoldEvent> = {
  category: 'account-hold',
  events: accountHoldEvents,
  initialState,
  evolve,
  decisions: [
    on(ParkAccount, { stream, timeOf, decide: parkAccount }),
    onWithFacts(ReleaseAccount, { stream, timeOf, facts: releaseFacts, decide: releaseAccount }),
  ],
};
