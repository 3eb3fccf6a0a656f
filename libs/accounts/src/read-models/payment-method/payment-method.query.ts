import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Sql } from '#event-sourcing/sql.js';
import { bucketOf } from '#kernel/ids.js';
import type { AccountDetails } from '../account-details/account-details.js';
import { type PaymentMethod, type PaymentMethodRow, PaymentMethodTable, paymentMethodOf } from './payment-method.js';

/** What the methods are read for: the account says which of them is the default. */
export type Owner = Pick<AccountDetails, 'id' | 'defaultPaymentMethodId'>;

@Injectable()
export class PaymentMethodQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The methods of each of the accounts, newest first. There are at most twenty of one account, so all are read. */
  async ofAccounts(owners: readonly Owner[]): Promise<PaymentMethod[][]> {
    const rows = await this.dataSource.getRepository(PaymentMethodTable).find({
      where: { bucket: In([...new Set(owners.map(({ id }) => bucketOf(id)))]), account_id: In([...new Set(owners.map(({ id }) => id))]) },
      order: { added_at: 'DESC', id: 'DESC' },
    });
    const byAccount = Map.groupBy(rows, (row) => row.account_id);
    return owners.map(({ id, defaultPaymentMethodId }) =>
      (byAccount.get(id) ?? []).map((row) => paymentMethodOf(row, defaultPaymentMethodId)),
    );
  }
}

/** Named one by one: a statement that is kept prepared cannot follow a `*` whose columns change. */
const columns = Object.keys(PaymentMethodTable.options.columns).join(', ');

/** The account's methods as a running transaction has just written them, newest first. */
export async function writtenPaymentMethods(sql: Sql, { id, defaultPaymentMethodId }: Owner): Promise<PaymentMethod[]> {
  const rows = await sql.query<PaymentMethodRow>(
    `select ${columns} from accounts.payment_method where bucket = $1::smallint and account_id = $2 order by added_at desc, id desc`,
    [bucketOf(id), id],
  );
  return rows.map((row) => paymentMethodOf(row, defaultPaymentMethodId));
}
