import { type AccountId, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { AccountParked, AccountReleased } from '#payments/contract.js';
import { rowById } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { AccountCreated } from '../../account/account.events.js';
import { particulars } from '../../account/account.examples.js';
import { accountDetails } from './account-details.projection.js';
import { type AccountRow, accountRows, accountView } from './account-details.query.js';

const since = instant('2026-01-31T12:00:00Z');

describe('The hold of an account, as it is shown', () => {
  let stage: ReadModelStage;
  beforeAll(async () => {
    stage = await ReadModelStage.hearing(accountDetails, [AccountCreated, AccountParked, AccountReleased]);
  });
  afterAll(() => stage.close());

  it('stands from AccountParked to AccountReleased, and leaves the ETag alone', async () => {
    const accountId: AccountId = newId();
    const hold = newId(Number.parseInt(accountId.slice(34), 16));
    const shown = async () => {
      const row = await rowById<AccountRow>(stage.database, accountRows, accountId);
      return { hold: accountView(row!).hold, version: row!.version };
    };
    await stage.tell(
      accountId,
      new AccountCreated({ ...particulars, accountId, particularsVersion: 1, currency: 'USD', testClockId: null }),
    );
    expect(await shown()).toEqual({ hold: null, version: '1' });
    await stage.tell(hold, new AccountParked({ accountId, reason: 'stray_charge', details: 'pi_1', parkedAt: since }));
    expect(await shown()).toEqual({ hold: { reason: 'stray_charge', since }, version: '1' });
    await stage.tell(hold, new AccountReleased({ accountId, reason: 'looked at', withheld: [], releasedAt: since }));
    expect(await shown()).toEqual({ hold: null, version: '1' });
  });
});
