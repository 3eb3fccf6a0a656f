import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { PlanId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { IntervalUnit } from '#kernel/interval.js';
import { InstantText, MoneyAmount } from '#platform/graphql/scalars.js';
import type { PriceKind, PricingModel } from '#pricing/price.js';

const IntervalUnits = { day: 'day', week: 'week', month: 'month', quarter: 'quarter', year: 'year' } as const;
registerEnumType(IntervalUnits, { name: 'IntervalUnit' });

const PriceKinds = { recurring: 'recurring', usage: 'usage', oneTime: 'oneTime' } as const;
registerEnumType(PriceKinds, { name: 'PriceKind' });

const PricingModels = {
  flat: 'flat',
  perUnit: 'perUnit',
  graduated: 'graduated',
  volume: 'volume',
  package: 'package',
  stairStep: 'stairStep',
  percentage: 'percentage',
} as const;
registerEnumType(PricingModels, { name: 'PricingModel' });

const Billings = { advance: 'advance', arrears: 'arrears' } as const;
registerEnumType(Billings, { name: 'PriceBilling' });

const TaxBehaviors = { exclusive: 'exclusive', inclusive: 'inclusive' } as const;
registerEnumType(TaxBehaviors, { name: 'TaxBehavior' });

@ObjectType('Interval')
export class IntervalObject {
  @Field(() => IntervalUnits)
  unit!: IntervalUnit;

  @Field(() => Int)
  count!: number;
}

@ObjectType('PriceTerms', { description: 'What a price costs in one currency; which of the fields there are follows from the model.' })
export class PriceTermsObject {
  @Field(() => String)
  currency!: string;

  @Field(() => MoneyAmount, { nullable: true, description: 'For the whole, in minor units.' })
  amount!: bigint | null;

  @Field(() => String, { nullable: true, description: 'Of one unit, in minor units, as a decimal.' })
  unitAmount!: string | null;
}

@ObjectType('Price')
export class PriceObject {
  @Field(() => String)
  code!: string;

  @Field(() => PriceKinds)
  kind!: PriceKind;

  @Field(() => PricingModels)
  model!: PricingModel;

  @Field(() => Billings)
  billing!: 'advance' | 'arrears';

  @Field(() => String, { nullable: true })
  taxCode!: string | null;

  @Field(() => TaxBehaviors)
  taxBehavior!: 'exclusive' | 'inclusive';
}

/** Other contexts add fields of theirs with `@Resolver(() => PlanObject)`; their parent has all that stands here. */
@ObjectType('Plan')
export class PlanObject {
  @Field(() => ID)
  id!: PlanId;

  @Field(() => String)
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Counted from 1. A version never changes.' })
  version!: number;

  @Field(() => Boolean, { description: 'Whether it takes new subscriptions.' })
  active!: boolean;

  @Field(() => IntervalObject)
  interval!: IntervalObject;

  @Field(() => Int)
  trialDays!: number;

  @Field(() => [PriceObject])
  prices!: readonly PriceObject[];

  @Field(() => InstantText)
  createdAt!: Instant;

  @Field(() => InstantText, { description: 'When this version was.' })
  publishedAt!: Instant;
}
