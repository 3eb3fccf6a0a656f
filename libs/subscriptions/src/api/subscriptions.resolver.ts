import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccountView, HoldView } from '#accounts/contract.graphql.js';
import { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf, id, type SubscriptionId } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { IsExternalId } from '#platform/http/external-id.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import { enumOf } from '#platform/views/attribute.js';
import { type AccountHold, accountHolds } from '../read-models/account-terms/account-hold.query.js';
import {
  SubscriptionConnection,
  type SubscriptionRow,
  SubscriptionView,
  subscriptionPosition,
  subscriptionRows,
  subscriptionStatuses,
  subscriptionView,
} from '../read-models/subscription-details/subscription-details.query.js';

@ArgsType()
class SubscriptionsArgs extends ConnectionArgs {
  @Field(() => ID, { nullable: true })
  @Nullable()
  @IsId()
  accountId?: string | null;

  @Field(() => String, { nullable: true })
  @Nullable()
  @IsExternalId()
  externalId?: string | null;

  @Field(() => enumOf('SubscriptionStatus', subscriptionStatuses), { nullable: true })
  @Nullable()
  @IsChoice(subscriptionStatuses)
  status?: string | null;
}

@Resolver(() => SubscriptionView)
export class SubscriptionsResolver {
  constructor(private readonly database: Database) {}

  @Query(() => SubscriptionView, { nullable: true })
  async subscription(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<SubscriptionView | null> {
    const load = loaders.for<SubscriptionId, SubscriptionRow | undefined>('subscription', (ids) =>
      rowsByIds(this.database, subscriptionRows, ids),
    );
    const row = await load.load(id(given));
    return row ? subscriptionView(row) : null;
  }

  @Query(() => SubscriptionConnection)
  async subscriptions(@Args() { accountId, externalId, status, ...page }: SubscriptionsArgs): Promise<Connection<SubscriptionView>> {
    const account = accountId ? id<'account'>(accountId, '/accountId') : undefined;
    const filters = { account_id: account, status: status ?? undefined, external_id: externalId ?? undefined };
    const window = connectionWindow(page, { list: 'subscriptions', ...filters });
    const bucket = account && bucketOf(account);
    const rows = await rowsNewestFirst<SubscriptionRow>(this.database, subscriptionRows, { bucket, ...filters }, window);
    return connection(rows, window, subscriptionPosition, subscriptionView);
  }

  @ResolveField(() => HoldView, { nullable: true, description: 'The billing of its account stands still: nothing is charged.' })
  hold(@Parent() { accountId }: SubscriptionView, @Loaders() loaders: LoaderRegistry): Promise<AccountHold | null> {
    return loaders.for<AccountId, AccountHold | null>('holdOfAccount', (ids) => accountHolds(this.database, ids)).load(accountId);
  }
}

@Resolver(() => AccountView)
export class SubscriptionsOfAccountResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => SubscriptionConnection)
  async subscriptions(
    @Parent() account: AccountView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<SubscriptionView>> {
    const window = connectionWindow(args, { list: 'subscriptions' });
    const load = loaders.for<AccountId, SubscriptionRow[]>(`subscriptionsOfAccount/${JSON.stringify(window)}`, (ids) =>
      rowsOfParents(this.database, subscriptionRows, 'account_id', ids, window),
    );
    return connection(await load.load(account.id as AccountId), window, subscriptionPosition, subscriptionView);
  }
}
