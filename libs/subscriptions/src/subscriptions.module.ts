import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { SubscriptionsController } from './api/subscriptions.controller.js';
import { SubscriptionsOfAccountResolver, SubscriptionsResolver } from './api/subscriptions.resolver.js';
import { subscriptionsContext } from './subscriptions.context.js';

@Module({
  imports: [EventSourcingModule.forContext(subscriptionsContext)],
  controllers: [SubscriptionsController],
  providers: [SubscriptionsResolver, SubscriptionsOfAccountResolver],
})
export class SubscriptionsModule {}
