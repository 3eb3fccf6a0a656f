import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Sql } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import type { PageWindow } from '#platform/http/page.js';
import { type AccountDetails, AccountDetailsTable, type AccountRow, type AccountStatus, accountDetailsOf } from './account-details.js';

export interface AccountFilter {
  /** Letter case does not matter. */
  readonly email?: string;
  readonly testClockId?: string;
  /** Closed accounts are left out unless they are asked for. */
  readonly status?: AccountStatus;
}

@Injectable()
export class AccountDetailsQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async find(id: AccountId): Promise<AccountDetails | null> {
    const row = await this.table.findOneBy({ bucket: bucketOf(id), id });
    return row && accountDetailsOf(row);
  }

  /** In the order of the ids; null for an account that does not exist. */
  async byIds(ids: readonly AccountId[]): Promise<(AccountDetails | null)[]> {
    const rows = await this.table.findBy({ bucket: In([...new Set(ids.map(bucketOf))]), id: In([...new Set(ids)]) });
    const found = new Map(rows.map((row) => [row.id, accountDetailsOf(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** Newest first. */
  async page({ email, testClockId, status = 'ACTIVE' }: AccountFilter, { after, fetch }: PageWindow): Promise<AccountDetails[]> {
    const query = this.table.createQueryBuilder('a').where('a.status = :status', { status });
    if (email !== undefined) query.andWhere('lower(a.email) = lower(:email)', { email });
    if (testClockId !== undefined) query.andWhere('a.test_clock_id = :testClockId', { testClockId });
    if (after) query.andWhere('(a.created_at, a.id) < (:createdAt, :id)', after);
    const rows = await query.orderBy('a.created_at', 'DESC').addOrderBy('a.id', 'DESC').limit(fetch).getMany();
    return rows.map(accountDetailsOf);
  }

  private get table() {
    return this.dataSource.getRepository(AccountDetailsTable);
  }
}

/** Named one by one: a statement that is kept prepared cannot follow a `*` whose columns change. */
const columns = Object.keys(AccountDetailsTable.options.columns).join(', ');

/** The account as a running transaction has just written it. */
export async function writtenAccount(sql: Sql, id: AccountId): Promise<AccountDetails> {
  const [row] = await sql.query<AccountRow>(`select ${columns} from accounts.account_details where bucket = $1::smallint and id = $2`, [
    bucketOf(id),
    id,
  ]);
  return accountDetailsOf(row!);
}
