import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Database } from '#event-sourcing/sql.js';
import { type AccountId, id } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { IsExternalId } from '#platform/http/external-id.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice, IsText } from '#platform/http/text-validators.js';
import { rowsByIds, rowsNewestFirst } from '#platform/sql/row-query.js';
import { enumOf } from '#platform/views/attribute.js';
import {
  AccountConnection,
  type AccountRow,
  type AccountStatus,
  AccountView,
  accountFilters,
  accountPosition,
  accountRows,
  accountStatuses,
  accountView,
} from '../read-models/account-details/account-details.query.js';
import { type Owner, PaymentMethodView, paymentMethodsOf } from '../read-models/payment-method/payment-method.query.js';

@ArgsType()
class AccountsArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true, description: 'Letter case does not matter.' })
  @Nullable()
  @IsText({ min: 1, max: 320 })
  email?: string | null;

  @Field(() => String, { nullable: true })
  @Nullable()
  @IsExternalId()
  externalId?: string | null;

  @Field(() => enumOf('AccountStatus', accountStatuses), { nullable: true, description: 'Closed accounts are listed only when asked for.' })
  @Nullable()
  @IsChoice(accountStatuses)
  status?: AccountStatus | null;
}

@Resolver(() => AccountView)
export class AccountsResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => AccountView, { nullable: true, description: 'Null when there is none.' })
  async account(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<AccountView | null> {
    const load = loaders.for<AccountId, AccountRow | undefined>('account', (ids) => rowsByIds(this.database, accountRows, ids));
    const row = await load.load(id(given, '/id'));
    return row ? accountView(row) : null;
  }

  @Query(() => AccountConnection, { description: 'Newest first, without those that are closed.' })
  async accounts(@Args() { email, externalId, status, ...page }: AccountsArgs): Promise<Connection<AccountView>> {
    const window = connectionWindow(page, { connection: 'accounts', email, externalId, status });
    const filters = accountFilters({
      email: email ?? undefined,
      externalId: externalId ?? undefined,
      status: status ?? undefined,
    });
    const rows = await rowsNewestFirst<AccountRow>(this.database, accountRows, filters, window);
    return connection(rows, window, accountPosition, accountView);
  }

  @ResolveField(() => [PaymentMethodView], { description: 'Newest first; at most twenty.' })
  paymentMethods(
    @Parent() { id: accountId, defaultPaymentMethodId }: AccountView,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<PaymentMethodView[]> {
    const load = loaders.for<Owner, PaymentMethodView[]>('paymentMethodsOfAccount', (owners) => paymentMethodsOf(this.database, owners));
    return load.load({ id: accountId, defaultPaymentMethodId });
  }
}
