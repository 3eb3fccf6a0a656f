import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { Arrivals } from './api/arrivals.js';
import { TestClocksController } from './api/test-clocks.controller.js';
import { testClocksContext } from './test-clocks.context.js';

@Module({
  imports: [EventSourcingModule.forContext(testClocksContext)],
  controllers: [TestClocksController],
  providers: [Arrivals],
})
export class TestClocksModule {}
