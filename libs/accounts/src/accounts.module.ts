import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { accountsContext } from './accounts.context.js';
import { AccountLoader } from './api/account-loader.js';
import { AccountsController } from './api/accounts.controller.js';
import { AccountsResolver } from './api/accounts.resolver.js';
import { PaymentMethodIntake } from './api/payment-method-intake.js';
import { PaymentMethodsController } from './api/payment-methods.controller.js';
import { AccountDetailsTable } from './read-models/account-details/account-details.js';
import { AccountDetailsQuery } from './read-models/account-details/account-details.query.js';
import { PaymentMethodTable } from './read-models/payment-method/payment-method.js';
import { PaymentMethodQuery } from './read-models/payment-method/payment-method.query.js';

/** Needs a `PaymentMethodVerification` from a global module: whoever speaks to the gateway provides it. */
@Module({
  imports: [EventSourcingModule.forContext(accountsContext), TypeOrmModule.forFeature([AccountDetailsTable, PaymentMethodTable])],
  controllers: [AccountsController, PaymentMethodsController],
  providers: [AccountDetailsQuery, PaymentMethodQuery, PaymentMethodIntake, AccountLoader, AccountsResolver],
  exports: [AccountLoader],
})
export class AccountsModule {}
