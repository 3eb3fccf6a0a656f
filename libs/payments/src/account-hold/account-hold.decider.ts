import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import { releaseFacts } from '../facts/release-account.facts.js';
import { type AccountHoldEvent, accountHoldEvents } from './account-hold.events.js';
import { type AccountHold, evolve, holdIdOf, initialState } from './account-hold.state.js';
import { AdmitInvoice, admitInvoice } from './admit-invoice.js';
import { AdmitRun, admitRun } from './admit-run.js';
import { ParkAccount, parkAccount } from './park-account.js';
import { ReleaseAccount, releaseAccount } from './release-account.js';

type OfAccount = ParkAccount['data'] | ReleaseAccount['data'] | AdmitRun['data'] | AdmitInvoice['data'];
const stream = ({ accountId }: OfAccount) => holdIdOf(accountId);
const timeOf = ({ accountId }: OfAccount) => accountId;

export const AccountHoldDecider: Decider<AccountHold, AccountHoldEvent> = {
  category: 'account-hold',
  events: accountHoldEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  keptState: { version: 1, fields: fieldsOf<AccountHold>()({}) },
  decisions: [
    on(ParkAccount, { stream, timeOf, decide: parkAccount }),
    on(AdmitInvoice, { stream, timeOf, decide: admitInvoice }),
    on(AdmitRun, { stream, timeOf, decide: admitRun }),
    onWithFacts(ReleaseAccount, { stream, timeOf, facts: releaseFacts, decide: releaseAccount }),
  ],
};
