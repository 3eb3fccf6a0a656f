import { Args, Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Money } from '#kernel/money.js';
import { formatMoney } from '#kernel/money-format.js';
import { MoneyAmount } from './scalars.js';

/** `@Field(() => MoneyObject) total!: Money`: a kernel Money is its value as it is. */
@ObjectType('Money', { description: 'An exact amount in its currency.' })
export class MoneyObject {
  @Field(() => MoneyAmount, { description: 'In minor units.' })
  amount!: bigint;

  @Field(() => String, { description: 'ISO 4217, in upper case.' })
  currency!: string;
}

@Resolver(() => MoneyObject)
export class MoneyResolver {
  @ResolveField(() => String, { description: 'As people of that locale write it, e.g. `1.250,00 €`.' })
  formatted(@Parent() money: Money, @Args('locale', { type: () => String, defaultValue: 'en-US' }) locale: string): string {
    return formatMoney(money, locale);
  }
}
