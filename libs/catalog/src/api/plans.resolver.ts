import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Database } from '#event-sourcing/sql.js';
import { id, type PlanId } from '#kernel/ids.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { type Connection, ConnectionArgs, connection, connectionWindow } from '#platform/graphql/connection.js';
import { LoaderRegistry, Loaders } from '#platform/graphql/loaders.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice } from '#platform/http/text-validators.js';
import { IsCurrencyCode, IsFlag, IsId, IsWhole } from '#platform/http/validators.js';
import { rowsByIds, rowsNewestFirst, rowsOfParents } from '#platform/sql/row-query.js';
import {
  PlanConnection,
  type PlanRow,
  PlanView,
  planFilters,
  planPosition,
  planRows,
  planView,
} from '../read-models/plan-details/plan-details.query.js';
import {
  inVersion,
  type PlanVersionRow,
  planVersionPosition,
  planVersionRows,
  versionView,
} from '../read-models/plan-version/plan-version.query.js';
import { IsPlanCode } from './meter.requests.js';

@ArgsType()
class PlansArgs extends ConnectionArgs {
  @Field(() => Boolean, { nullable: true })
  @Nullable()
  @IsFlag()
  active?: boolean;

  @Field(() => String, { nullable: true })
  @Nullable()
  @IsPlanCode()
  codePrefix?: string;

  @Field(() => String, { nullable: true, description: 'That the plan can be subscribed to in.' })
  @Nullable()
  @IsCurrencyCode()
  currency?: string;

  @Field(() => String, { nullable: true, description: 'The unit of the interval.' })
  @Nullable()
  @IsChoice(intervalUnits)
  interval?: IntervalUnit;
}

@ArgsType()
class PlanArgs {
  @Field(() => ID)
  @IsId()
  id!: string;

  @Field(() => Int, { nullable: true })
  @Nullable()
  @IsWhole({ min: 1, max: 999_999_999 })
  version?: number;
}

@Resolver(() => PlanView)
export class PlansResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => PlanView, { nullable: true, description: 'In its newest version or the one that is asked for; null when there is none.' })
  async plan(@Args() { id: given, version }: PlanArgs, @Loaders() loaders: LoaderRegistry): Promise<PlanView | null> {
    const load = loaders.for<PlanId, PlanRow | undefined>('plan', (ids) => rowsByIds(this.database, planRows, ids));
    const row = await load.load(id(given, '/id'));
    if (!row) return null;
    return version ? ((await inVersion(this.database, planView(row), version)) ?? null) : planView(row);
  }

  @Query(() => PlanConnection, { description: 'Newest first.' })
  async plans(@Args() { first, after, interval, ...asked }: PlansArgs): Promise<Connection<PlanView>> {
    const filters = { ...withoutNull(asked), intervalUnit: interval ?? undefined };
    const window = connectionWindow({ first, after }, { connection: 'plans', ...filters });
    const rows = await rowsNewestFirst<PlanRow>(this.database, planRows, planFilters(filters), window);
    return connection(rows, window, planPosition, planView);
  }

  @ResolveField(() => PlanConnection, { description: 'All versions, newest first.' })
  async versions(
    @Parent() plan: PlanView,
    @Args() args: ConnectionArgs,
    @Loaders() loaders: LoaderRegistry,
  ): Promise<Connection<PlanView>> {
    const window = connectionWindow(args, { list: 'versionsOfPlan' });
    const load = loaders.for<PlanId, PlanVersionRow[]>(`versionsOfPlan/${JSON.stringify(window)}`, (ids) =>
      rowsOfParents(this.database, planVersionRows, 'plan_id', ids, window),
    );
    return connection(await load.load(plan.id), window, planVersionPosition, (row) => versionView(plan, row));
  }
}

/** In GraphQL null means the same as not given. */
function withoutNull<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as { [K in keyof T]: Exclude<T[K], null> };
}
