import { randomBytes } from 'node:crypto';
import { type AccountId, bucketOf, type Id } from '#kernel/ids.js';
import type { KeyPurpose } from './declared-fields.js';
import type { MasterKeys } from './master-keys.js';
import { KEY_BYTES, type SealingKey, sealingKey, unwrap, wrap } from './sealing.js';
import type { Queries, Statement } from './sql.js';

/** Whose key seals what belongs to no account, as the address that a plan was published from. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000' as AccountId;

const PURPOSES: readonly KeyPurpose[] = ['person', 'record'];

interface KeyRow {
  account_id: AccountId;
  purpose: KeyPurpose;
  master_key_id: string | null;
  wrapped: Buffer | null;
}

/**
 * The keys of some accounts as they were read in one transaction, and never kept beyond it: so no copy outlives an erasure. Null
 * where one is erased.
 */
export class Keyring {
  private readonly keys = new Map<string, SealingKey | null>();

  /** For reading what an invoice must keep, even after the person is erased. */
  constructor(private readonly opens: 'all' | 'record' = 'all') {}

  put(accountId: AccountId, purpose: KeyPurpose, key: SealingKey | null): void {
    this.keys.set(`${accountId}/${purpose}`, key);
  }

  has(accountId: AccountId | null, purpose: KeyPurpose): boolean {
    return this.keys.has(`${accountId ?? NO_ACCOUNT}/${purpose}`);
  }

  /** Once the person is erased, what an invoice must keep is for those only who ask for just that. */
  key(accountId: AccountId | null, purpose: KeyPurpose): SealingKey | null {
    const whose = accountId ?? NO_ACCOUNT;
    if (purpose === 'record' && this.opens !== 'record' && !this.keys.get(`${whose}/person`)) return null;
    return this.keys.get(`${whose}/${purpose}`) ?? null;
  }
}

/** Two keys for each account, in a table of their own, wrapped by a master key that the database never sees. */
export class AccountKeys {
  constructor(
    private readonly masters: MasterKeys,
    /** By chance; the same for each account only where two databases are to be compared. */
    private readonly newKey: (accountId: AccountId, purpose: KeyPurpose) => Buffer = () => randomBytes(KEY_BYTES),
  ) {}

  /** The keys of accounts, for reading. One that is missing was never made, or is erased: either way nothing can be opened with it. */
  async find(sql: Queries, accountIds: Iterable<AccountId | null>, opens: 'all' | 'record' = 'all'): Promise<Keyring> {
    const wanted = distinct(accountIds);
    const keyring = new Keyring(opens);
    if (wanted.length > 0) this.fill(keyring, await sql.query<KeyRow>(SELECT_KEYS, columnsOf(wanted)));
    return keyring;
  }

  /** The same for writing: makes those that were never there. What is held against waits until the transaction has ended. */
  async provide(sql: Queries, accountIds: Iterable<AccountId | null>, hold: keyof typeof HOLDS = 'none'): Promise<Keyring> {
    const wanted = distinct(accountIds);
    const keyring = new Keyring();
    if (wanted.length === 0) return keyring;
    const select = SELECT_KEYS + HOLDS[hold];
    this.fill(keyring, await sql.query<KeyRow>(select, columnsOf(wanted)));
    const missing = wanted.filter((accountId) => !PURPOSES.every((purpose) => keyring.has(accountId, purpose)));
    if (missing.length === 0) return keyring;
    await sql.query(INSERT_KEYS, this.newKeys(missing));
    this.fill(keyring, await sql.query<KeyRow>(select, columnsOf(missing)));
    return keyring;
  }

  /** Wraps some keys anew that another master key than the first still wraps; answers how many. */
  async rewrap(sql: Queries, limit: number): Promise<number> {
    const { id, key: current } = this.masters.current;
    const rows = await sql.query<KeyRow & { bucket: number }>(
      `select bucket, account_id, purpose, master_key_id, wrapped from es.account_key
        where wrapped is not null and master_key_id <> $1 order by bucket, account_id, purpose limit $2 for update`,
      [id, limit],
    );
    for (const row of rows) {
      const place = placeOf(row.account_id, row.purpose);
      const wrapped = wrap(current, place, unwrap(this.masters.byId(row.master_key_id!), place, row.wrapped!));
      await sql.query(
        'update es.account_key set wrapped = $4, master_key_id = $5 where bucket = $1::smallint and account_id = $2::uuid and purpose = $3',
        [row.bucket, row.account_id, row.purpose, wrapped, id],
      );
    }
    return rows.length;
  }

  private fill(keyring: Keyring, rows: readonly KeyRow[]): void {
    for (const { account_id, purpose, master_key_id, wrapped } of rows) {
      const key = wrapped && sealingKey(unwrap(this.masters.byId(master_key_id!), placeOf(account_id, purpose), wrapped));
      keyring.put(account_id, purpose, key);
    }
  }

  private newKeys(accountIds: readonly AccountId[]): unknown[] {
    const { id, key } = this.masters.current;
    const made = accountIds.flatMap((accountId) => PURPOSES.map((purpose) => ({ accountId, purpose })));
    return [
      made.map(({ accountId }) => bucketOf(accountId)),
      made.map(({ accountId }) => accountId),
      made.map(({ purpose }) => purpose),
      made.map(({ accountId, purpose }) => wrap(key, placeOf(accountId, purpose), this.newKey(accountId, purpose))),
      id,
    ];
  }
}

/** Erases keys for good: the row stays, so that none is made in its place. */
export function eraseKeys(accountId: AccountId, purpose: KeyPurpose): Statement {
  return {
    text: `update es.account_key set wrapped = null, master_key_id = null, erased_at = now()
            where bucket = $1::smallint and account_id = $2::uuid and purpose = $3 and wrapped is not null`,
    values: [bucketOf(accountId), accountId, purpose],
  };
}

const HOLDS = { none: '', 'against-erasure': ' for share of k', 'against-all': ' for update of k' } as const;

const SELECT_KEYS = `
  select k.account_id, k.purpose, k.master_key_id, k.wrapped
    from unnest($1::smallint[], $2::uuid[]) as w (bucket, account_id)
    join es.account_key k on k.bucket = w.bucket and k.account_id = w.account_id`;

const INSERT_KEYS = `
  insert into es.account_key (bucket, account_id, purpose, wrapped, master_key_id)
  select *, $5 from unnest($1::smallint[], $2::uuid[], $3::text[], $4::bytea[]) on conflict do nothing`;

const placeOf = (accountId: Id, purpose: KeyPurpose): string => `${accountId}/${purpose}`;

function distinct(accountIds: Iterable<AccountId | null>): AccountId[] {
  return [...new Set([...accountIds].map((accountId) => accountId ?? NO_ACCOUNT))].sort();
}

function columnsOf(accountIds: readonly AccountId[]): [number[], AccountId[]] {
  return [accountIds.map(bucketOf), [...accountIds]];
}
