import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsBoolean, IsOptional } from 'class-validator';
import { id } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionOf, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import type { FlatTerms, PerUnitTerms, Price } from '#pricing/price.js';
import type { PlanDetails } from '../read-models/plan-details/plan-details.js';
import { PlanDetailsQuery } from '../read-models/plan-details/plan-details.query.js';
import { PlanLoader } from './plan-loader.js';
import { PlanObject, PriceObject, PriceTermsObject } from './plan-object.js';

const PlanConnection = connectionOf(PlanObject, 'Plan');

@ArgsType()
class PlansArgs extends ConnectionArgs {
  @Field(() => Boolean, { nullable: true })
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

@Resolver(() => PlanObject)
export class PlansResolver {
  constructor(
    @Inject(PlanDetailsQuery) private readonly plans: PlanDetailsQuery,
    @Inject(PlanLoader) private readonly loader: PlanLoader,
  ) {}

  @Query(() => PlanObject, { nullable: true, description: 'In its newest version; null when there is none.' })
  plan(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<PlanDetails | null> {
    return this.loader.load(loaders, id(given, '/id'));
  }

  @Query(() => PlanConnection, { name: 'plans', description: 'Newest first.' })
  async page(@Args() { first, after, active }: PlansArgs): Promise<Connection<PlanDetails>> {
    const window = connectionWindow({ first, after }, { connection: 'plans', active });
    const rows = await this.plans.page({ active: active ?? undefined }, window);
    return connection(
      rows,
      window,
      (row) => row,
      (row) => row,
    );
  }
}

@Resolver(() => PriceObject)
export class PricesResolver {
  @ResolveField(() => [PriceTermsObject], { description: 'One for each currency that the price has.' })
  currencies(@Parent() { model, currencies }: Price): PriceTermsObject[] {
    return Object.entries(currencies).map(([currency, terms]) =>
      model === 'flat'
        ? { currency, amount: BigInt((terms as FlatTerms).amount), unitAmount: null }
        : { currency, amount: null, unitAmount: (terms as PerUnitTerms).unitAmount },
    );
  }
}
