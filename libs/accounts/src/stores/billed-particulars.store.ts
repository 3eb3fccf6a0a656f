import type { EventStore } from '#event-sourcing/event-store.js';
import type { Queries } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import type { AccountEvent, Particulars } from '../account/account.events.js';

/** Whom a document bills, as it has to say it. */
export interface BillTo extends Pick<Particulars, 'name' | 'address' | 'country' | 'region' | 'taxIds'> {
  readonly accountId: AccountId;
  readonly particularsVersion: number;
}

/**
 * Resolves what documents refer to: the particulars of an account at one of their versions. Read from the account's own stream, so
 * that no copy of a person has to be kept, found and erased; and with the key of the record, so that it can be read for as long
 * as the law wants it, and no longer, even of one who is erased.
 */
export class BilledParticulars {
  constructor(private readonly store: EventStore) {}

  /** Null where there is no such account or version. */
  async find(sql: Queries, accountId: AccountId, particularsVersion: number): Promise<BillTo | null> {
    const recorded = await this.store.readStream(sql, bucketOf(accountId), accountId, 'record');
    let found: BillTo | null = null;
    for (const event of recorded.map((entry) => entry.event as AccountEvent)) {
      if (event.type !== 'AccountCreated' && event.type !== 'AccountChanged') continue;
      if (event.data.particularsVersion > particularsVersion) break;
      const given: Omit<BillTo, 'particularsVersion'> = event.type === 'AccountCreated' ? event.data : { ...found!, ...event.data.changes };
      const { name, address, country, region, taxIds } = given;
      found = { accountId, particularsVersion: event.data.particularsVersion, name, address, country, region, taxIds };
    }
    return found?.particularsVersion === particularsVersion ? found : null;
  }
}
