import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { PlansController } from './api/plans.controller.js';
import { PlansResolver } from './api/plans.resolver.js';
import { MetersResolver, PricesResolver } from './api/prices.resolver.js';
import { QuotesController } from './api/quotes.controller.js';
import { catalogContext } from './catalog.context.js';

@Module({
  imports: [EventSourcingModule.forContext(catalogContext)],
  controllers: [PlansController, QuotesController],
  providers: [PlansResolver, PricesResolver, MetersResolver],
})
export class CatalogModule {}
