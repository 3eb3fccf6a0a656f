import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { PlanLoader } from './api/plan-loader.js';
import { PlansController } from './api/plans.controller.js';
import { PlansResolver, PricesResolver } from './api/plans.resolver.js';
import { catalogContext } from './catalog.context.js';
import { PlanDetailsTable } from './read-models/plan-details/plan-details.js';
import { PlanDetailsQuery } from './read-models/plan-details/plan-details.query.js';
import { PlanVersionTable } from './read-models/plan-version/plan-version.js';
import { PlanVersionQuery } from './read-models/plan-version/plan-version.query.js';

@Module({
  imports: [EventSourcingModule.forContext(catalogContext), TypeOrmModule.forFeature([PlanDetailsTable, PlanVersionTable])],
  controllers: [PlansController],
  providers: [PlanDetailsQuery, PlanVersionQuery, PlanLoader, PlansResolver, PricesResolver],
  exports: [PlanLoader],
})
export class CatalogModule {}
