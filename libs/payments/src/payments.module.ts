import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AccountContacts } from '#accounts/contract.js';
import { AccountTimers } from '#event-sourcing/account-timers.js';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Database } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { Concerns } from '#platform/health/concerns.js';
import { restForm } from '#platform/views/rest-form.js';
import { AccountHoldsController } from './api/account-holds.controller.js';
import { PaymentsController } from './api/payments.controller.js';
import { PaymentsOfAccountResolver, PaymentsOfInvoiceResolver, PaymentsResolver } from './api/payments.resolver.js';
import { StripeWebhooksController } from './api/stripe-webhooks.controller.js';
import { GatewayModule } from './gateways/gateway.module.js';
import { PaymentGateways } from './gateways/payment-gateways.js';
import { CollectPayment } from './jobs/collect-payment.job.js';
import { DeleteCustomers } from './jobs/delete-customers.job.js';
import { DetachMethod } from './jobs/detach-method.job.js';
import { HoldTimers } from './jobs/hold-timers.job.js';
import { LookIntoGatewayEvent } from './jobs/look-into-gateway-event.job.js';
import { ReconcileGateway, reconciliationRhythm } from './jobs/reconcile-gateway.job.js';
import { RecurringJobs } from './jobs/recurring-jobs.js';
import { SweepGatewayEvents, sweepRhythm } from './jobs/sweep-gateway-events.job.js';
import { UpdateCustomer } from './jobs/update-customer.job.js';
import { paymentsContext } from './payments.context.js';
import { ParkedAccounts } from './read-models/payer/parked-accounts.query.js';
import { BookedPayments } from './stores/booked-payments.store.js';
import { DifferenceRecords } from './stores/difference-records.store.js';
import { GatewayInbox } from './stores/gateway-inbox.store.js';
import { StoredPayments } from './stores/stored-payments.store.js';
import { StrayCharges } from './stores/stray-charges.store.js';

@Module({
  imports: [EventSourcingModule.forContext(paymentsContext), GatewayModule],
  controllers: [PaymentsController, StripeWebhooksController, AccountHoldsController],
  providers: [
    PaymentsResolver,
    PaymentsOfInvoiceResolver,
    PaymentsOfAccountResolver,
    {
      provide: StrayCharges,
      useFactory: (database: Database, executor: CommandExecutor) => new StrayCharges(database, executor),
      inject: [Database, CommandExecutor],
    },
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
      inject: [PaymentGateways, CommandExecutor, StoredPayments, Clock, StrayCharges],
    },
    {
      provide: LookIntoGatewayEvent,
      useFactory: (...parts: ConstructorParameters<typeof LookIntoGatewayEvent>) => new LookIntoGatewayEvent(...parts),
      inject: [PaymentGateways, CommandExecutor, StoredPayments, Database, StrayCharges],
    },
    {
      provide: SweepGatewayEvents,
      useFactory: (...parts: ConstructorParameters<typeof SweepGatewayEvents>) => new SweepGatewayEvents(...parts),
      inject: [PaymentGateways, GatewayInbox, Database, Clock],
    },
    {
      provide: ReconcileGateway,
      useFactory: (gateways: PaymentGateways, database: Database, clock: Clock, incidents: Incidents) =>
        new ReconcileGateway(gateways, new BookedPayments(database), new DifferenceRecords(database), clock, incidents),
      inject: [PaymentGateways, Database, Clock, Incidents],
    },
    {
      provide: UpdateCustomer,
      useFactory: (gateways: PaymentGateways, database: Database) => new UpdateCustomer(gateways, new AccountContacts(database), database),
      inject: [PaymentGateways, Database],
    },
    {
      provide: DeleteCustomers,
      useFactory: (...parts: ConstructorParameters<typeof DeleteCustomers>) => new DeleteCustomers(...parts),
      inject: [PaymentGateways, Database],
    },
    {
      provide: DetachMethod,
      useFactory: (...parts: ConstructorParameters<typeof DetachMethod>) => new DetachMethod(...parts),
      inject: [PaymentGateways, Database],
    },
    {
      provide: HoldTimers,
      useFactory: (...parts: ConstructorParameters<typeof HoldTimers>) => new HoldTimers(...parts),
      inject: [Database, AccountTimers],
    },
    {
      provide: RecurringJobs,
      useFactory: (database: Database, clock: Clock, incidents: Incidents, { all }: PaymentGateways) => {
        const rhythms = all.flatMap(({ name: gateway }) => [sweepRhythm, reconciliationRhythm].map((rhythm) => ({ ...rhythm, gateway })));
        return new RecurringJobs(database, clock, incidents, rhythms);
      },
      inject: [Database, Clock, Incidents, PaymentGateways],
    },
    { provide: ParkedAccounts, useFactory: (database: Database) => new ParkedAccounts(database), inject: [Database] },
  ],
})
export class PaymentsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    jobs: JobRunner,
    collect: CollectPayment,
    lookInto: LookIntoGatewayEvent,
    sweep: SweepGatewayEvents,
    reconcile: ReconcileGateway,
    holdTimers: HoldTimers,
    updateCustomer: UpdateCustomer,
    detachMethod: DetachMethod,
    deleteCustomers: DeleteCustomers,
    private readonly recurring: RecurringJobs,
    concerns: Concerns,
    parked: ParkedAccounts,
  ) {
    concerns.register({
      name: 'parked_accounts',
      description: 'Accounts whose billing stands still until a person releases them.',
      look: async () => {
        const [count, newest] = await Promise.all([parked.count(), parked.newest()]);
        return { count, shown: newest.map((hold) => restForm(hold) as object) };
      },
    });
    for (const handler of [collect, lookInto, sweep, reconcile, holdTimers, updateCustomer, detachMethod, deleteCustomers])
      jobs.register(handler);
  }

  onApplicationBootstrap(): void {
    this.recurring.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.recurring.stop();
  }
}
