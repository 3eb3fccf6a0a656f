import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional, IsString } from 'class-validator';
import { id } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import { type Connection, ConnectionArgs, connection, connectionOf, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { MoneyObject } from '#platform/graphql/money.resolver.js';
import type { AccountDetails } from '../read-models/account-details/account-details.js';
import { AccountDetailsQuery } from '../read-models/account-details/account-details.query.js';
import type { PaymentMethod } from '../read-models/payment-method/payment-method.js';
import { type Owner, PaymentMethodQuery } from '../read-models/payment-method/payment-method.query.js';
import { AccountLoader } from './account-loader.js';
import { AccountObject, PaymentMethodObject } from './account-object.js';
import { balanceOf } from './account-resource.js';

const AccountConnection = connectionOf(AccountObject, 'Account');

@ArgsType()
class AccountsArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true, description: 'Letter case does not matter.' })
  @IsOptional()
  @IsString()
  email?: string;
}

@Resolver(() => AccountObject)
export class AccountsResolver {
  constructor(
    @Inject(AccountDetailsQuery) private readonly accounts: AccountDetailsQuery,
    @Inject(AccountLoader) private readonly loader: AccountLoader,
    @Inject(PaymentMethodQuery) private readonly methods: PaymentMethodQuery,
  ) {}

  @Query(() => AccountObject, { nullable: true, description: 'Null when there is none.' })
  account(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<AccountDetails | null> {
    return this.loader.load(loaders, id(given, '/id'));
  }

  @Query(() => AccountConnection, { name: 'accounts', description: 'Newest first, without those that are closed.' })
  async page(@Args() { first, after, email }: AccountsArgs): Promise<Connection<AccountDetails>> {
    const window = connectionWindow({ first, after }, { connection: 'accounts', email });
    const rows = await this.accounts.page({ email: email ?? undefined }, window);
    return connection(
      rows,
      window,
      (row) => row,
      (row) => row,
    );
  }

  @ResolveField(() => MoneyObject, { description: 'Credit is positive.' })
  balance(@Parent() account: AccountDetails): Money {
    return balanceOf(account);
  }

  @ResolveField(() => [PaymentMethodObject], { description: 'Newest first; at most twenty.' })
  paymentMethods(
    @Parent() { id: accountId, defaultPaymentMethodId }: AccountDetails,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<PaymentMethod[]> {
    const owner = { id: accountId, defaultPaymentMethodId };
    return loaders.for<Owner, PaymentMethod[]>('paymentMethodsOfAccount', (owners) => this.methods.ofAccounts(owners)).load(owner);
  }
}
