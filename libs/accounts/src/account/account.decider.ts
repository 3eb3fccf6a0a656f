import { type Decider, on } from '#event-sourcing/decider.js';
import { ERASED, fieldsOf } from '#event-sourcing/declared-fields.js';
import type { AccountId } from '#kernel/ids.js';
import { type AccountEvent, accountEvents } from './account.events.js';
import { type Account, evolve, initialState } from './account.state.js';
import { AddPaymentMethod, addPaymentMethod } from './add-payment-method.js';
import { ChangeAccount, changeAccount } from './change-account.js';
import { CloseAccount, closeAccount } from './close-account.js';
import { CreateAccount, createAccount } from './create-account.js';
import { EraseAccount, eraseAccount } from './erase-account.js';
import { RemovePaymentMethod, removePaymentMethod } from './remove-payment-method.js';
import { SetDefaultPaymentMethod, setDefaultPaymentMethod } from './set-default-payment-method.js';

const stream = ({ accountId }: { readonly accountId: AccountId }) => accountId;

/** The table of what can be asked of an account, and who decides it. */
export const AccountDecider: Decider<Account, AccountEvent> = {
  category: 'account',
  events: accountEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  keptState: {
    version: 1,
    fields: fieldsOf<Account>()({
      person: { 'particulars.email': ERASED, 'particulars.metadata': {}, 'particulars.externalId': null },
      record: { 'particulars.name': ERASED, 'particulars.address': null, 'particulars.taxIds': [] },
    }),
  },
  decisions: [
    on(CreateAccount, { stream, clockOf: ({ testClockId }) => testClockId ?? undefined, decide: createAccount }),
    on(ChangeAccount, { stream, decide: changeAccount }),
    on(AddPaymentMethod, { stream, decide: addPaymentMethod }),
    on(SetDefaultPaymentMethod, { stream, decide: setDefaultPaymentMethod }),
    on(RemovePaymentMethod, { stream, decide: removePaymentMethod }),
    on(CloseAccount, { stream, decide: closeAccount }),
    on(EraseAccount, { stream, decide: eraseAccount }),
  ],
};
