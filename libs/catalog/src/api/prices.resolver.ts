import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { MoneyAmount } from '#platform/graphql/scalars.js';
import { MeterView, PriceView } from '../read-models/price-view.js';
import { isAmount } from './plan-form.js';

@ObjectType('Tier')
class TierView {
  @Field(() => String, { nullable: true, description: 'The last quantity of the tier; null for the last one.' })
  upTo!: string | null;

  @Field(() => String, { nullable: true, description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  unitAmount?: string;

  @Field(() => MoneyAmount, {
    nullable: true,
    description: 'For the tier, in minor units; that of the first one also when nothing is used.',
  })
  flatAmount?: bigint;
}

@ObjectType('PriceTerms', { description: 'What a price costs in one currency; which of the fields there are follows from the model.' })
class PriceTermsView {
  @Field(() => String)
  currency!: string;

  @Field(() => [TierView], { nullable: true })
  tiers?: TierView[];

  @Field(() => MoneyAmount, { nullable: true, description: 'For the whole, in minor units.' })
  amount?: bigint;

  @Field(() => String, { nullable: true, description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  unitAmount?: string;

  @Field(() => String, { nullable: true, description: 'So many units are free, or events of a percentage.' })
  freeUnits?: string;

  @Field(() => String, { nullable: true, description: 'Units in a package; a started one is charged whole.' })
  packageSize?: string;

  @Field(() => MoneyAmount, { nullable: true, description: 'Of one package, in minor units.' })
  packageAmount?: bigint;

  @Field(() => String, { nullable: true, description: 'A percentage of the amount of each event.' })
  rate?: string;

  @Field(() => MoneyAmount, { nullable: true, description: 'Of each event that is charged, in minor units.' })
  fixedAmount?: bigint;

  @Field(() => MoneyAmount, { nullable: true, description: 'That an event is charged at least, in minor units.' })
  minimumAmount?: bigint;

  @Field(() => MoneyAmount, { nullable: true, description: 'That an event is charged at most, in minor units.' })
  maximumAmount?: bigint;

  @Field(() => MoneyAmount, { nullable: true, description: 'So much of the amount of all events is free, in minor units.' })
  freeAmount?: bigint;

  @Field(() => MoneyAmount, { nullable: true, description: 'What the period costs at least, in minor units.' })
  periodMinimum?: bigint;

  @Field(() => MoneyAmount, { nullable: true, description: 'What the period costs at most, in minor units.' })
  periodMaximum?: bigint;
}

@ObjectType('MeterCondition', { description: 'A property that an event must have to be counted, as one of these texts.' })
class MeterConditionView {
  @Field(() => String)
  property!: string;

  @Field(() => [String])
  oneOf!: readonly string[];
}

@Resolver(() => MeterView)
export class MetersResolver {
  @ResolveField(() => [MeterConditionView], {
    nullable: true,
    description: 'Only events are counted that meet every one of these; every event where it is null.',
  })
  filter(@Parent() { filter }: MeterView): MeterConditionView[] | null {
    return filter && Object.entries(filter).map(([property, oneOf]) => ({ property, oneOf }));
  }
}

@Resolver(() => PriceView)
export class PricesResolver {
  @ResolveField(() => [PriceTermsView], { description: 'One for each currency that the price has.' })
  currencies(@Parent() { currencies }: PriceView): PriceTermsView[] {
    return Object.entries(currencies).map(([currency, terms]) => ({ currency, ...inBigints(terms) }));
  }
}

function inBigints(terms: object): object {
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, exactly(name, value)]));
}

function exactly(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((tier: object) => inBigints(tier));
  return isAmount(name) ? BigInt(value as string) : value;
}
