import { Args, ArgsType, Field, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '#event-sourcing/clock.js';
import { Database } from '#event-sourcing/sql.js';
import { instant } from '#kernel/instant.js';
import { meteredSubscriptions } from '#metering/metered-subscriptions.js';
import { InstantText } from '#platform/graphql/scalars.js';
import { Nullable } from '#platform/http/field-rule.js';
import { IsChoice, IsText } from '#platform/http/text-validators.js';
import { IsInstant } from '#platform/http/validators.js';
import { enumOf } from '#platform/views/attribute.js';
import { SubscriptionView } from '#subscriptions/contract.graphql.js';
import { UsageView, usageOf } from '../read-models/usage-of-subscription/usage-of-subscription.query.js';

const groupings = ['day', 'hour'] as const;
/** Made before the schema is: an enum that only its first use declares comes too late. */
const UsageGrouping = enumOf('UsageGrouping', groupings);

@ArgsType()
class UsageArgs {
  @Field(() => InstantText, { nullable: true, description: 'The beginning of the current billing period when left out.' })
  @Nullable()
  @IsInstant()
  from?: string | null;

  @Field(() => InstantText, { nullable: true, description: 'What begins at or after it is left out.' })
  @Nullable()
  @IsInstant()
  to?: string | null;

  @Field(() => String, { nullable: true })
  @Nullable()
  @IsText({ min: 1, max: 100 })
  metric?: string | null;

  @Field(() => UsageGrouping, { nullable: true, description: 'By billing period, with its amount, when left out.' })
  @Nullable()
  @IsChoice(groupings)
  groupBy?: 'day' | 'hour' | null;
}

@Resolver(() => SubscriptionView)
export class UsageOfSubscriptionResolver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @ResolveField(() => [UsageView], { description: 'What was used: of the current billing period where nothing else is asked for.' })
  async usage(@Parent() subscription: SubscriptionView, @Args() { from, to, metric, groupBy }: UsageArgs): Promise<UsageView[]> {
    const [found] = await meteredSubscriptions(this.database, [subscription.id]);
    if (!found) return [];
    return usageOf(this.database, found.subscription, found.clockTime ?? this.clock.now(), {
      ...(from && { from: instant(from) }),
      ...(to && { to: instant(to) }),
      ...(metric && { metric }),
      ...(groupBy && { groupBy }),
    });
  }
}
