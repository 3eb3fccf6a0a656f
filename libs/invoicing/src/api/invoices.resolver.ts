import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccountView } from '#accounts/contract.graphql.js';
import { Database } from '#event-sourcing/sql.js';
import { type Id, type InvoiceId, id } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import { SubscriptionView } from '#subscriptions/contract.graphql.js';
import {
  InvoiceConnection,
  type InvoiceRow,
  InvoiceView,
  invoicePosition,
  invoiceRows,
  invoiceView,
} from '../read-models/invoice-details/invoice-details.query.js';

/** The invoices of many accounts or subscriptions, a page for each, in one query. */
async function invoicesOf(
  database: Database,
  loaders: LoaderRegistry,
  parent: { column: 'account_id' | 'subscription_id'; id: Id },
  args: ConnectionArgs,
): Promise<Connection<InvoiceView>> {
  const window = connectionWindow(args, { list: 'invoices' });
  const load = loaders.for<Id, InvoiceRow[]>(`invoices/${parent.column}/${JSON.stringify(window)}`, (ids) =>
    rowsOfParents(database, invoiceRows, parent.column, ids, window),
  );
  return connection(await load.load(parent.id), window, invoicePosition, invoiceView);
}

@Resolver(() => InvoiceView)
export class InvoicesResolver {
  constructor(private readonly database: Database) {}

  @Query(() => InvoiceView, { nullable: true })
  async invoice(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<InvoiceView | null> {
    const load = loaders.for<InvoiceId, InvoiceRow | undefined>('invoice', (ids) => rowsByIds(this.database, invoiceRows, ids));
    const row = await load.load(id(given));
    return row ? invoiceView(row) : null;
  }

  @Query(() => InvoiceConnection)
  async invoices(@Args() args: ConnectionArgs): Promise<Connection<InvoiceView>> {
    const window = connectionWindow(args, { list: 'invoices' });
    const rows = await rowsNewestFirst<InvoiceRow>(this.database, invoiceRows, {}, window);
    return connection(rows, window, invoicePosition, invoiceView);
  }
}

@Resolver(() => SubscriptionView)
export class InvoicesOfSubscriptionResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => InvoiceConnection)
  invoices(
    @Parent() subscription: SubscriptionView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<InvoiceView>> {
    return invoicesOf(this.database, loaders, { column: 'subscription_id', id: subscription.id }, args);
  }
}

@Resolver(() => AccountView)
export class InvoicesOfAccountResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => InvoiceConnection)
  invoices(
    @Parent() account: AccountView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<InvoiceView>> {
    return invoicesOf(this.database, loaders, { column: 'account_id', id: account.id as Id }, args);
  }
}
