import { AccountErased } from '#accounts/contract.js';
import { forget, schedule } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { type AccountId, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { BillingRecordErased, BillingRecordKept } from '../billing-record/billing-record.events.js';
import { billingRecordIdOf } from '../billing-record/billing-record.state.js';
import { KeepBillingRecord } from '../billing-record/keep-billing-record.js';
import {
  billingRecordExpiry,
  eraseBillingRecordWhenItsDateComes,
  forgetRecordWhenItIsErased,
  keepBillingRecordWhenAccountIsErased,
} from './billing-record.saga.js';

const accountId: AccountId = newId(7);
const until = instant('2036-01-31T12:00:00Z');

describe('What invoices must keep of a person', () => {
  it('is decided together with the erasure', () => {
    reactionOf(keepBillingRecordWhenAccountIsErased)
      .when(new AccountErased({ accountId, reason: 'asked for' }))
      .then(new KeepBillingRecord({ accountId }));
  });

  it('is erased when its date has come', () => {
    reactionOf(eraseBillingRecordWhenItsDateComes)
      .when(new BillingRecordKept({ accountId, until }))
      .then(schedule(billingRecordExpiry, billingRecordIdOf(accountId), until, { accountId }));
  });

  it('cannot be read once it is erased', () => {
    reactionOf(forgetRecordWhenItIsErased).when(new BillingRecordErased({ accountId })).then(forget(accountId, 'record'));
  });
});
