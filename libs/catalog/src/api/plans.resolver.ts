import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, ID, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Database } from '#event-sourcing/sql.js';
import { id, type PlanId } from '#kernel/ids.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { MoneyAmount } from '#platform/graphql/scalars.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsFlag } from '#platform/http/validators.js';
import { rowsByIds, rowsNewestFirst } from '#platform/sql/row-query.js';
import type { FlatTerms, PerUnitTerms } from '#pricing/price.js';
import {
  PlanConnection,
  type PlanRow,
  PlanView,
  PriceView,
  planFilters,
  planPosition,
  planRows,
  planView,
} from '../read-models/plan-details/plan-details.query.js';

@ArgsType()
class PlansArgs extends ConnectionArgs {
  @Field(() => Boolean, { nullable: true })
  @Nullable()
  @IsFlag()
  active?: boolean;
}

@ObjectType('PriceTerms', { description: 'What a price costs in one currency; which of the fields there are follows from the model.' })
class PriceTermsView {
  @Field(() => String)
  currency!: string;

  @Field(() => MoneyAmount, { nullable: true, description: 'For the whole, in minor units.' })
  amount!: bigint | null;

  @Field(() => String, { nullable: true, description: 'Of one unit, in minor units, as a decimal.' })
  unitAmount!: string | null;
}

@Resolver(() => PlanView)
export class PlansResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => PlanView, { nullable: true, description: 'In its newest version; null when there is none.' })
  async plan(@Args('id', { type: () => ID }) given: string, @Loaders() loaders: LoaderRegistry): Promise<PlanView | null> {
    const load = loaders.for<PlanId, PlanRow | undefined>('plan', (ids) => rowsByIds(this.database, planRows, ids));
    const row = await load.load(id(given, '/id'));
    return row ? planView(row) : null;
  }

  @Query(() => PlanConnection, { description: 'Newest first.' })
  async plans(@Args() { first, after, active }: PlansArgs): Promise<Connection<PlanView>> {
    const window = connectionWindow({ first, after }, { connection: 'plans', active });
    const rows = await rowsNewestFirst<PlanRow>(this.database, planRows, planFilters({ active: active ?? undefined }), window);
    return connection(rows, window, planPosition, planView);
  }
}

@Resolver(() => PriceView)
export class PricesResolver {
  @ResolveField(() => [PriceTermsView], { description: 'One for each currency that the price has.' })
  currencies(@Parent() { model, currencies }: PriceView): PriceTermsView[] {
    return Object.entries(currencies).map(([currency, terms]) =>
      model === 'flat'
        ? { currency, amount: BigInt((terms as FlatTerms).amount), unitAmount: null }
        : { currency, amount: null, unitAmount: (terms as PerUnitTerms).unitAmount },
    );
  }
}
