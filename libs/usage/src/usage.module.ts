import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { UsageController } from './api/usage.controller.js';
import { UsageOfSubscriptionResolver } from './api/usage.resolver.js';
import { usageContext } from './usage.context.js';

@Module({
  imports: [EventSourcingModule.forContext(usageContext)],
  controllers: [UsageController],
  providers: [UsageOfSubscriptionResolver],
})
export class UsageModule {}
