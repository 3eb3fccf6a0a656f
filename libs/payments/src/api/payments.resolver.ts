import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccountView } from '#accounts/contract.graphql.js';
import { Database } from '#event-sourcing/sql.js';
import { InvoiceView } from '#invoicing/contract.graphql.js';
import { type Id, id, type PaymentId } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import {
  PaymentConnection,
  type PaymentRow,
  PaymentView,
  paymentPosition,
  paymentRows,
  paymentView,
} from '../read-models/payment-details/payment-details.query.js';

/** The payments of many invoices or accounts, a page for each, in one query. */
async function paymentsOf(
  database: Database,
  loaders: LoaderRegistry,
  parent: { column: 'invoice_id' | 'account_id'; id: Id },
  args: ConnectionArgs,
): Promise<Connection<PaymentView>> {
  const window = connectionWindow(args, { list: 'payments' });
  const load = loaders.for<Id, PaymentRow[]>(`payments/${parent.column}/${JSON.stringify(window)}`, (ids) =>
    rowsOfParents(database, paymentRows, parent.column, ids, window),
  );
  return connection(await load.load(parent.id), window, paymentPosition, paymentView);
}

@Resolver(() => PaymentView)
export class PaymentsResolver {
  constructor(private readonly database: Database) {}

  @Query(() => PaymentView, { nullable: true })
  async payment(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<PaymentView | null> {
    const load = loaders.for<PaymentId, PaymentRow | undefined>('payment', (ids) => rowsByIds(this.database, paymentRows, ids));
    const row = await load.load(id(given));
    return row ? paymentView(row) : null;
  }

  @Query(() => PaymentConnection)
  async payments(@Args() args: ConnectionArgs): Promise<Connection<PaymentView>> {
    const window = connectionWindow(args, { list: 'payments' });
    const rows = await rowsNewestFirst<PaymentRow>(this.database, paymentRows, {}, window);
    return connection(rows, window, paymentPosition, paymentView);
  }
}

@Resolver(() => InvoiceView)
export class PaymentsOfInvoiceResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => PaymentConnection)
  payments(
    @Parent() invoice: InvoiceView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<PaymentView>> {
    return paymentsOf(this.database, loaders, { column: 'invoice_id', id: invoice.id }, args);
  }
}

@Resolver(() => AccountView)
export class PaymentsOfAccountResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => PaymentConnection)
  payments(
    @Parent() account: AccountView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<PaymentView>> {
    return paymentsOf(this.database, loaders, { column: 'account_id', id: account.id }, args);
  }
}
