import { Module } from '@nestjs/common';
import { AccountsModule } from '#accounts/accounts.module.js';
import { CatalogModule } from '#catalog/catalog.module.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { InvoicingModule } from '#invoicing/invoicing.module.js';
import { LedgerModule } from '#ledger/ledger.module.js';
import { PaymentsModule } from '#payments/payments.module.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { SubscriptionsModule } from '#subscriptions/subscriptions.module.js';
import { TestClocksModule } from '#test-clocks/test-clocks.module.js';
import { UsageModule } from '#usage/usage.module.js';

/** The engine and every bounded context: what each process of ours is made of, whatever else it does. */
@Module({
  imports: [
    DatabaseModule,
    EventSourcingModule.forRoot(),
    AccountsModule,
    CatalogModule,
    SubscriptionsModule,
    UsageModule,
    InvoicingModule,
    PaymentsModule,
    LedgerModule,
    TestClocksModule,
  ],
})
export class ContextsModule {}
