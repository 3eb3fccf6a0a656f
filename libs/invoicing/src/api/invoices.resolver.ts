import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccountView } from '#accounts/contract.graphql.js';
import { Database } from '#event-sourcing/sql.js';
import { bucketOf, type Id, type InvoiceId, id } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice, IsText } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import { enumOf } from '#platform/views/attribute.js';
import { SubscriptionView } from '#subscriptions/contract.graphql.js';
import {
  InvoiceConnection,
  type InvoiceRow,
  InvoiceView,
  invoicePosition,
  invoiceRows,
  invoiceStatuses,
  invoiceView,
} from '../read-models/invoice-details/invoice-details.query.js';

@ArgsType()
class InvoicesArgs extends ConnectionArgs {
  @Field(() => ID, { nullable: true })
  @Nullable()
  @IsId()
  accountId?: string | null;

  @Field(() => enumOf('InvoiceStatus', invoiceStatuses), { nullable: true })
  @Nullable()
  @IsChoice(invoiceStatuses)
  status?: string | null;

  @Field(() => String, { nullable: true, description: 'The number as it is printed on the invoice.' })
  @Nullable()
  @IsText({ min: 1, max: 64 })
  number?: string | null;
}

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
  async invoices(@Args() { accountId, status, number, ...page }: InvoicesArgs): Promise<Connection<InvoiceView>> {
    const account = accountId ? id<'account'>(accountId, '/accountId') : undefined;
    const filters = { account_id: account, status: status ?? undefined, number: number ?? undefined };
    const window = connectionWindow(page, { list: 'invoices', ...filters });
    const rows = await rowsNewestFirst<InvoiceRow>(
      this.database,
      invoiceRows,
      { bucket: account && bucketOf(account), ...filters },
      window,
    );
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
