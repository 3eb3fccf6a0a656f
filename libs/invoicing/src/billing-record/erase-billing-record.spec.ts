import { specification } from '#event-sourcing/testing/specification.js';
import { type AccountId, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { BillingRecordDecider } from './billing-record.decider.js';
import { BillingRecordErased, BillingRecordKept } from './billing-record.events.js';
import { EraseBillingRecord } from './erase-billing-record.js';

const accountId: AccountId = newId(7);
const kept = new BillingRecordKept({ accountId, until: instant('2036-01-31T12:00:00Z') });
const { given } = specification(BillingRecordDecider);

describe('Erasing what invoices say of a person', () => {
  it('happens once, to what was kept', () => {
    given(kept).when(new EraseBillingRecord({ accountId })).then(new BillingRecordErased({ accountId }));
  });

  it('is nothing while the person is there', () => {
    given().when(new EraseBillingRecord({ accountId })).thenNothing();
  });
});
