import { specification } from '#event-sourcing/testing/specification.js';
import { AccountDecider } from './account.decider.js';
import { AccountClosed } from './account.events.js';
import { aClosedAccount, accountId, anAccountWithTwoCards } from './account.examples.js';
import { CloseAccount } from './close-account.js';

const { given } = specification(AccountDecider);

describe('Closing an account', () => {
  it('is recorded', () => {
    given(anAccountWithTwoCards()).when(new CloseAccount({ accountId })).then(new AccountClosed({ accountId }));
  });

  it('a second time changes nothing', () => {
    given(aClosedAccount()).when(new CloseAccount({ accountId })).thenNothing();
  });

  it('is refused for an account that does not exist', () => {
    given().when(new CloseAccount({ accountId })).thenRefused('account_not_found');
  });
});
