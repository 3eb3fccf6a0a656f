import { Module } from '@nestjs/common';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Database } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { PaymentsController } from './api/payments.controller.js';
import { PaymentsOfAccountResolver, PaymentsOfInvoiceResolver, PaymentsResolver } from './api/payments.resolver.js';
import { StripeWebhooksController } from './api/stripe-webhooks.controller.js';
import { GatewayModule } from './gateways/gateway.module.js';
import { PaymentGateway } from './gateways/payment-gateway.js';
import { CollectPayment } from './handlers/collect-payment.handler.js';
import { LookIntoGatewayEvent } from './handlers/look-into-gateway-event.handler.js';
import { GatewayInbox } from './handlers/receive-gateway-event.handler.js';
import { StoredPayments } from './handlers/stored-payments.handler.js';
import { StrayCharges } from './handlers/stray-charges.handler.js';
import { paymentsContext } from './payments.context.js';

@Module({
  imports: [EventSourcingModule.forContext(paymentsContext), GatewayModule],
  controllers: [PaymentsController, StripeWebhooksController],
  providers: [
    PaymentsResolver,
    PaymentsOfInvoiceResolver,
    PaymentsOfAccountResolver,
    { provide: StrayCharges, useFactory: (database: Database) => new StrayCharges(database), inject: [Database] },
    {
      provide: GatewayInbox,
      useFactory: (...parts: ConstructorParameters<typeof GatewayInbox>) => new GatewayInbox(...parts),
      inject: [Database, Doorbell],
    },
    {
      provide: StoredPayments,
      useFactory: (...parts: ConstructorParameters<typeof StoredPayments>) => new StoredPayments(...parts),
      inject: [EventStore, Vocabulary, Database],
    },
    {
      provide: CollectPayment,
      useFactory: (...parts: ConstructorParameters<typeof CollectPayment>) => new CollectPayment(...parts),
      inject: [PaymentGateway, CommandExecutor, StoredPayments, Clock, StrayCharges],
    },
    {
      provide: LookIntoGatewayEvent,
      useFactory: (...parts: ConstructorParameters<typeof LookIntoGatewayEvent>) => new LookIntoGatewayEvent(...parts),
      inject: [PaymentGateway, CommandExecutor, StoredPayments, Database, StrayCharges],
    },
  ],
})
export class PaymentsModule {
  constructor(jobs: JobRunner, collect: CollectPayment, lookInto: LookIntoGatewayEvent) {
    jobs.register(collect);
    jobs.register(lookInto);
  }
}
