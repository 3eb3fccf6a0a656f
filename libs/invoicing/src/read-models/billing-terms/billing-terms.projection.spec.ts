import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { requestOf } from '#event-sourcing/testing/specification.js';
import { bucketOf } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { termsOfInvoices } from '../../facts/billing-terms.facts.js';
import { accountId, issue } from '../../invoice/invoice.examples.js';
import { billingTerms } from './billing-terms.projection.js';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(billingTerms, [AccountCreated, AccountChanged, AccountClosed]);
});
afterAll(() => stage.close());

/** What two invoices of the account are told of it: the same, in one query. */
async function terms() {
  const [one, other] = await stage.database.transaction((sql) =>
    termsOfInvoices(sql, [requestOf(issue()), requestOf(issue())], bucketOf(issue().accountId)),
  );
  expect(other).toEqual(one);
  return one;
}

describe('How an account is billed', () => {
  it('is not known where there is none', async () => {
    expect(await terms()).toBeNull();
  });

  it('is by the usual terms from AccountCreated on', async () => {
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
    expect(await terms()).toEqual({
      ...{ currency: 'USD', timeZone: 'UTC', numberPrefix: 'INV', daysUntilDue: 14 },
      ...{ particularsVersion: 1, testClockId: null, closed: false },
    });
  });

  it('follows AccountChanged where that is about the time zone, and counts the versions of the particulars', async () => {
    await stage.tell(accountId, new AccountChanged({ accountId, particularsVersion: 2, changes: { name: 'Ada King' } }));
    expect(await terms()).toMatchObject({ timeZone: 'UTC', particularsVersion: 2 });
    await stage.tell(accountId, new AccountChanged({ accountId, particularsVersion: 3, changes: { timeZone: timeZone('Asia/Tokyo') } }));
    expect(await terms()).toMatchObject({ timeZone: 'Asia/Tokyo', numberPrefix: 'INV', daysUntilDue: 14, particularsVersion: 3 });
  });

  it('is closed after AccountClosed', async () => {
    await stage.tell(accountId, new AccountClosed({ accountId }));
    expect(await terms()).toMatchObject({ timeZone: 'Asia/Tokyo', closed: true });
  });

  it('is the same when it is built anew from the events', async () => {
    expect(await stage.database.query('select id from invoicing.billing_terms')).toHaveLength(1);
    expect(await stage.deviations(billingTerms)).toEqual([]);
  });
});
