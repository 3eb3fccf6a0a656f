import { AccountErased } from '#accounts/contract.js';
import { forget, schedule, whenever } from '#event-sourcing/reaction.js';
import { timer } from '#event-sourcing/timer.js';
import { BillingRecordErased, BillingRecordKept } from '../billing-record/billing-record.events.js';
import { billingRecordIdOf } from '../billing-record/billing-record.state.js';
import { EraseBillingRecord } from '../billing-record/erase-billing-record.js';
import { KeepBillingRecord } from '../billing-record/keep-billing-record.js';

export const billingRecordExpiry = timer('billing-record-expiry', EraseBillingRecord, { bills: false });

export const keepBillingRecordWhenAccountIsErased = whenever([AccountErased], 'with', ({ data: { accountId } }) => [
  new KeepBillingRecord({ accountId }),
]);

export const eraseBillingRecordWhenItsDateComes = whenever([BillingRecordKept], 'with', ({ data: { accountId, until } }) => [
  schedule(billingRecordExpiry, billingRecordIdOf(accountId), until, { accountId }),
]);

export const forgetRecordWhenItIsErased = whenever([BillingRecordErased], 'with', ({ data }) => [forget(data.accountId, 'record')]);
