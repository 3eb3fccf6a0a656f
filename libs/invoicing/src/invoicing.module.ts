import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { InvoicesController } from './api/invoices.controller.js';
import { InvoicesOfAccountResolver, InvoicesOfSubscriptionResolver, InvoicesResolver } from './api/invoices.resolver.js';
import { invoicingContext } from './invoicing.context.js';

@Module({
  imports: [EventSourcingModule.forContext(invoicingContext)],
  controllers: [InvoicesController],
  providers: [InvoicesResolver, InvoicesOfSubscriptionResolver, InvoicesOfAccountResolver],
})
export class InvoicingModule {}
