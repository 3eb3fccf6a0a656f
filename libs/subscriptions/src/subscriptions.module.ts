import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { Concerns } from '#platform/health/concerns.js';
import { BillingFailuresController } from './api/billing-failures.controller.js';
import { SubscriptionsController } from './api/subscriptions.controller.js';
import { SubscriptionsOfAccountResolver, SubscriptionsResolver } from './api/subscriptions.resolver.js';
import { BillingFailures } from './read-models/billing-failures.query.js';
import { subscriptionsContext } from './subscriptions.context.js';

@Module({
  imports: [EventSourcingModule.forContext(subscriptionsContext)],
  controllers: [SubscriptionsController, BillingFailuresController],
  providers: [BillingFailures, SubscriptionsResolver, SubscriptionsOfAccountResolver],
})
export class SubscriptionsModule {
  constructor(concerns: Concerns, failures: BillingFailures) {
    concerns.register({
      name: 'billing_failures',
      description: 'Subscriptions that could not be billed, and stand still until a person retries them.',
      look: async () => {
        const { count, data } = await failures.newest();
        return { count, shown: data };
      },
    });
  }
}
