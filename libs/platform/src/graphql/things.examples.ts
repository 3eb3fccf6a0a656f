import { Args, ArgsType, Field, ID, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { hashedId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { defineRefusal } from '#kernel/refusal.js';
import { Nullable } from '../http/field-rule.js';
import { CurrentRequest, RequestContext } from '../http/request-context.js';
import { IsText } from '../http/text-validators.js';
import { type Connection, ConnectionArgs, connection, connectionOf, connectionWindow } from './connection.js';
import { LoaderRegistry, Loaders } from './loaders.js';
import { MoneyObject } from './money.resolver.js';
import { InstantText, MoneyAmount } from './scalars.js';

const thingNotFound = defineRefusal({ code: 'thing_not_found', kind: 'not-found', hint: 'Look it up.' });
export const HUGE = 2n ** 63n;

@ObjectType()
class Thing {
  @Field(() => ID)
  id!: string;

  @Field(() => InstantText)
  createdAt!: Instant;

  @Field(() => MoneyObject)
  total!: Money;
}

const ThingConnection = connectionOf(Thing);

@ArgsType()
class ThingArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true })
  @Nullable()
  @IsText({ max: 10 })
  color?: string;
}

export const things = Array.from({ length: 150 }, (_, i): Thing => {
  return { id: hashedId(`thing ${i}`), createdAt: fromEpochMs(1_700_000_000_000 + i), total: Money.of(HUGE + BigInt(i), 'USD') };
});

/** What the loader of labels was asked for, request by request. */
export const batches: (readonly string[])[] = [];

function list(args: ThingArgs): Connection<Thing> {
  const window = connectionWindow(args, { list: 'things', color: args.color });
  const from = window.after ? things.findIndex(({ createdAt }) => createdAt > window.after!.createdAt) : 0;
  const row = (thing: Thing) => thing;
  return connection(things.slice(from, from + window.fetch), window, row, row);
}

@Resolver(() => Thing)
export class ThingResolver {
  @Query(() => Thing)
  thing(@Args('id', { type: () => ID }) id: string): Thing {
    if (id === 'crash') throw new Error('hunter2 at db-7.internal');
    const found = things.find((thing) => thing.id === id);
    if (!found) throw thingNotFound(`There is no thing ${id}.`, { pointer: '/id' });
    return found;
  }

  @Query(() => ThingConnection)
  things(@Args() args: ThingArgs): Connection<Thing> {
    return list(args);
  }

  @ResolveField(() => ThingConnection)
  children(@Args() args: ThingArgs): Connection<Thing> {
    return list(args);
  }

  @ResolveField(() => String)
  label(@Parent() { id }: Thing, @Loaders() loaders: LoaderRegistry): Promise<string> {
    const labelled = async (ids: readonly string[]) => {
      batches.push(ids);
      return ids.map((each) => `label of ${each}`);
    };
    return loaders.for('labels', labelled).load(id);
  }

  @Query(() => String)
  me(@CurrentRequest() { actor }: RequestContext): string {
    return actor.role;
  }

  @Mutation(() => MoneyAmount)
  double(@Args('amount', { type: () => MoneyAmount }) amount: bigint): bigint {
    return amount * 2n;
  }

  @Query(() => InstantText)
  echo(@Args('at', { type: () => InstantText }) at: Instant): Instant {
    return at;
  }
}
