import { Global, Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { accountsContext } from './accounts.context.js';
import { AccountsController } from './api/accounts.controller.js';
import { AccountsResolver } from './api/accounts.resolver.js';
import { PaymentMethodIntake } from './api/payment-method-intake.js';
import { PaymentMethodsController } from './api/payment-methods.controller.js';
import { BilledParticulars } from './stores/billed-particulars.store.js';

/** Needs a `PaymentMethodVerification` from a global module: whoever speaks to the gateway provides it. */
@Global()
@Module({
  imports: [EventSourcingModule.forContext(accountsContext)],
  controllers: [AccountsController, PaymentMethodsController],
  providers: [
    PaymentMethodIntake,
    AccountsResolver,
    { provide: BilledParticulars, useFactory: (store: EventStore) => new BilledParticulars(store), inject: [EventStore] },
  ],
  exports: [BilledParticulars],
})
export class AccountsModule {}
