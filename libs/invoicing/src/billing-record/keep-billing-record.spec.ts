import { specification } from '#event-sourcing/testing/specification.js';
import { type AccountId, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { BillingRecordDecider } from './billing-record.decider.js';
import { BillingRecordErased, BillingRecordKept } from './billing-record.events.js';
import { KeepBillingRecord } from './keep-billing-record.js';

const accountId: AccountId = newId(7);
const now = instant('2026-01-31T12:00:00Z');
const until = instant('2035-06-30T08:00:00Z');
const { given } = specification(BillingRecordDecider);
const keep = new KeepBillingRecord({ accountId });

describe('Keeping what invoices say of a person', () => {
  it('lasts for ten years after the last invoice', () => {
    const facts = { lastIssuedAt: instant('2025-06-30T08:00:00Z') };
    given().when(keep, { now, facts }).then(new BillingRecordKept({ accountId, until }));
  });

  it('is for nothing where no invoice was issued, or so long ago', () => {
    given()
      .when(keep, { now, facts: { lastIssuedAt: null } })
      .then(new BillingRecordErased({ accountId }));
    given()
      .when(keep, { now, facts: { lastIssuedAt: instant('2016-01-31T12:00:00Z') } })
      .then(new BillingRecordErased({ accountId }));
  });
});
