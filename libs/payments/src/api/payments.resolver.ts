import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccountView } from '#accounts/contract.graphql.js';
import { Database } from '#event-sourcing/sql.js';
import { InvoiceView } from '#invoicing/contract.graphql.js';
import { bucketOf, type Id, id, type PaymentId } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import {
  PaymentConnection,
  type PaymentRow,
  PaymentView,
  paymentPosition,
  paymentRows,
  paymentStatuses,
  paymentView,
} from '../read-models/payment-details/payment-details.query.js';

@ArgsType()
class PaymentsArgs extends ConnectionArgs {
  @Field(() => ID, { nullable: true })
  @Nullable()
  @IsId()
  accountId?: string | null;

  @Field(() => String, { nullable: true, description: `One of ${paymentStatuses.join(', ')}.` })
  @Nullable()
  @IsChoice(paymentStatuses)
  status?: string | null;
}

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
  async payments(@Args() { accountId, status, ...page }: PaymentsArgs): Promise<Connection<PaymentView>> {
    const account = accountId ? id<'account'>(accountId, '/accountId') : undefined;
    const filters = { account_id: account, status: status ?? undefined };
    const window = connectionWindow(page, { list: 'payments', ...filters });
    const bucket = account && bucketOf(account);
    const rows = await rowsNewestFirst<PaymentRow>(this.database, paymentRows, { bucket, ...filters }, window);
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
