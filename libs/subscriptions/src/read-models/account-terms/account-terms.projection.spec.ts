import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { requestOf } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { AccountParked, AccountReleased } from '#payments/contract.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { factsForStart } from '../../facts/start-subscription.facts.js';
import { accountId, startPro } from '../../subscription/subscription.examples.js';
import { accountHolds } from './account-hold.query.js';
import { accountTerms } from './account-terms.projection.js';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(accountTerms, [AccountCreated, AccountChanged, AccountClosed, AccountParked, AccountReleased]);
});
afterAll(() => stage.close());

/** What a start is told of the account. */
async function account() {
  const [facts] = await stage.database.transaction((sql) => factsForStart(sql, [requestOf(startPro)]));
  return facts!.account;
}

describe('What starting a subscription knows of an account', () => {
  it('is nothing where there is none', async () => {
    expect(await account()).toBeNull();
  });

  it('is its currency and time zone from AccountCreated on', async () => {
    const created = new AccountCreated({
      ...{ accountId, email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: timeZone('UTC'), locale: null, country: null },
      ...{
        region: null,
        address: null,
        taxIds: [],
        particularsVersion: 1,
        taxExempt: false,
        externalId: null,
        metadata: {},
        testClockId: null,
      },
    });
    await stage.tell(accountId, created);
    expect(await account()).toEqual({ currency: 'USD', timeZone: 'UTC', closed: false });
  });

  it('follows AccountChanged where that is about the time zone', async () => {
    await stage.tell(accountId, new AccountChanged({ accountId, particularsVersion: 2, changes: { name: 'Ada King' } }));
    expect(await account()).toEqual({ currency: 'USD', timeZone: 'UTC', closed: false });
    await stage.tell(accountId, new AccountChanged({ accountId, particularsVersion: 2, changes: { timeZone: timeZone('Europe/London') } }));
    expect(await account()).toEqual({ currency: 'USD', timeZone: 'Europe/London', closed: false });
  });

  it('says so after AccountClosed', async () => {
    await stage.tell(accountId, new AccountClosed({ accountId }));
    expect(await account()).toEqual({ currency: 'USD', timeZone: 'Europe/London', closed: true });
  });

  it('tells its answers of a hold, from AccountParked to AccountReleased', async () => {
    const since = instant('2026-01-31T12:00:00Z');
    expect(await accountHolds(stage.database, [accountId])).toEqual([null]);
    await stage.tell(accountId, new AccountParked({ accountId, reason: 'by_hand', details: 'spec', parkedAt: since }));
    expect(await accountHolds(stage.database, [accountId, accountId])).toEqual([
      { reason: 'by_hand', since },
      { reason: 'by_hand', since },
    ]);
    await stage.tell(accountId, new AccountReleased({ accountId, reason: 'looked at', withheld: [], releasedAt: since }));
    expect(await accountHolds(stage.database, [accountId])).toEqual([null]);
  });

  it('is the same when it is built anew from the events', async () => {
    expect(await stage.database.query('select id from subscriptions.account_terms')).toHaveLength(1);
    expect(await stage.deviations(accountTerms)).toEqual([]);
  });
});
