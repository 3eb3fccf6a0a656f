import { specification } from '#event-sourcing/testing/specification.js';
import { AccountDecider } from './account.decider.js';
import { AccountErased } from './account.events.js';
import { aClosedAccount, accountId, anAccount } from './account.examples.js';
import { ChangeAccount } from './change-account.js';
import { EraseAccount } from './erase-account.js';

const reason = 'asked for by letter';
const { given } = specification(AccountDecider);

describe('Erasing an account', () => {
  it('takes the person out of one that is closed, once', () => {
    given(aClosedAccount()).when(new EraseAccount({ accountId, reason })).then(new AccountErased({ accountId, reason }));
  });

  it('is refused while it is open, and where there is none', () => {
    given(anAccount()).when(new EraseAccount({ accountId, reason })).thenRefused('account_not_closed');
    given().when(new EraseAccount({ accountId, reason })).thenRefused('account_not_found');
  });

  it('leaves nothing that could be changed', () => {
    const erased = [...aClosedAccount(), new AccountErased({ accountId, reason })];
    given(erased)
      .when(new ChangeAccount({ accountId, changes: { name: 'Ada' } }))
      .thenRefused('account_closed');
  });
});
