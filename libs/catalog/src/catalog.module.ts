import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { PlansController } from './api/plans.controller.js';
import { PlansResolver } from './api/plans.resolver.js';
import { MetersResolver, PricesResolver } from './api/prices.resolver.js';
import { QuoteInputScalar } from './api/quote-input.js';
import { QuotesController } from './api/quotes.controller.js';
import { QuoteStepsResolver, QuotesResolver } from './api/quotes.resolver.js';
import { catalogContext } from './catalog.context.js';

@Module({
  imports: [EventSourcingModule.forContext(catalogContext)],
  controllers: [PlansController, QuotesController],
  providers: [PlansResolver, PricesResolver, MetersResolver, QuotesResolver, QuoteStepsResolver, QuoteInputScalar],
})
export class CatalogModule {}
