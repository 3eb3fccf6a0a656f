import { specification } from '#event-sourcing/testing/specification.js';
import { newId, type TestClockId } from '#kernel/ids.js';
import { AccountDecider } from './account.decider.js';
import { AccountCreated } from './account.events.js';
import { aClosedAccount, accountId, anAccount, createAda, created, particulars, visa, visaAdded } from './account.examples.js';
import { CreateAccount } from './create-account.js';

const { given } = specification(AccountDecider);

describe('US1: creating an account', () => {
  it('takes one call', () => {
    given().when(new CreateAccount(createAda)).then(created());
  });

  it('brings its payment method, as the default, in the same transaction', () => {
    given()
      .when(new CreateAccount({ ...createAda, paymentMethod: visa }))
      .then(created(), visaAdded());
  });

  it.each([
    ['DE', 'Europe/Berlin'],
    ['US', 'America/New_York'],
    ['JP', 'Asia/Tokyo'],
    ['IN', 'Asia/Kolkata'],
    ['AQ', 'UTC'],
    [null, 'UTC'],
  ])('in the country %p guesses the time zone %s when none is given', (country, timeZone) => {
    given()
      .when(new CreateAccount({ ...createAda, country, timeZone: null }))
      .then(
        new AccountCreated({
          ...particulars,
          particularsVersion: 1,
          country,
          timeZone: timeZone as typeof particulars.timeZone,
          accountId,
          currency: 'USD',
          testClockId: null,
        }),
      );
  });

  it('puts it on a test clock for ever', () => {
    const testClockId: TestClockId = newId();
    given()
      .when(new CreateAccount({ ...createAda, testClockId }))
      .then(new AccountCreated({ ...particulars, particularsVersion: 1, accountId, currency: 'USD', testClockId }));
    const binding = AccountDecider.decisions.find(({ command }) => command === CreateAccount)!;
    expect(binding.clockOf!({ ...createAda, testClockId })).toBe(testClockId);
    expect(binding.clockOf!(createAda)).toBeUndefined();
  });

  it.each([
    ['open', anAccount()],
    ['closed', aClosedAccount()],
  ])('refuses an id whose account is there already, and %s', (_, events) => {
    given(events).when(new CreateAccount(createAda)).thenRefused('account_exists');
  });
});
