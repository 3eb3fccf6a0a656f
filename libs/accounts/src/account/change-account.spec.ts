import { specification } from '#event-sourcing/testing/specification.js';
import { AccountDecider } from './account.decider.js';
import { AccountChanged } from './account.events.js';
import { aClosedAccount, accountId, anAccount, particulars } from './account.examples.js';
import { ChangeAccount } from './change-account.js';

const { given } = specification(AccountDecider);

describe('Changing an account', () => {
  it('records only what is different', () => {
    const changes = { ...particulars, name: 'Countess of Lovelace', region: null, metadata: { crm: '4712' } };
    given(anAccount())
      .when(new ChangeAccount({ accountId, changes }))
      .then(
        new AccountChanged({
          accountId,
          particularsVersion: 2,
          changes: { name: 'Countess of Lovelace', region: null, metadata: { crm: '4712' } },
        }),
      );
  });

  it('leaves what is not given as it is', () => {
    given(anAccount())
      .when(new ChangeAccount({ accountId, changes: { taxExempt: true, name: undefined } }))
      .then(new AccountChanged({ accountId, particularsVersion: 2, changes: { taxExempt: true } }));
  });

  it('back to what it was is a change again', () => {
    given(anAccount(), new AccountChanged({ accountId, particularsVersion: 2, changes: { locale: null } }))
      .when(new ChangeAccount({ accountId, changes: { locale: 'en-US' } }))
      .then(new AccountChanged({ accountId, particularsVersion: 3, changes: { locale: 'en-US' } }));
  });

  it('to what it is already is none', () => {
    given(anAccount())
      .when(new ChangeAccount({ accountId, changes: particulars, currency: 'USD' }))
      .thenNothing();
  });

  it('never changes the currency', () => {
    given(anAccount())
      .when(new ChangeAccount({ accountId, changes: {}, currency: 'EUR' }))
      .thenRefused('currency_fixed');
  });

  it('gives the external id once, and never changes it', () => {
    const externalId = 'customer-4711';
    given(anAccount())
      .when(new ChangeAccount({ accountId, changes: { externalId } }))
      .then(new AccountChanged({ accountId, particularsVersion: 2, changes: { externalId } }));
    const named = () => given(anAccount(), new AccountChanged({ accountId, particularsVersion: 2, changes: { externalId } }));
    named()
      .when(new ChangeAccount({ accountId, changes: { externalId } }))
      .thenNothing();
    named()
      .when(new ChangeAccount({ accountId, changes: { externalId: 'customer-4712' } }))
      .thenRefused('external_id_fixed');
  });

  it('is refused for an account that does not exist', () => {
    given()
      .when(new ChangeAccount({ accountId, changes: {} }))
      .thenRefused('account_not_found');
  });

  it('is refused for a closed one', () => {
    given(aClosedAccount())
      .when(new ChangeAccount({ accountId, changes: { name: 'Ada' } }))
      .thenRefused('account_closed');
  });
});
