import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { BillingRecordDecider } from './billing-record/billing-record.decider.js';
import { InvoiceDecider } from './invoice/invoice.decider.js';
import { invoicePostings } from './invoice/invoice.postings.js';
import { invoiceNumbers } from './invoice.series.js';
import { billingTerms } from './read-models/billing-terms/billing-terms.projection.js';
import { invoiceDetails } from './read-models/invoice-details/invoice-details.projection.js';
import { issueInvoiceWhenSomethingIsBilled } from './sagas/billing.saga.js';
import {
  billingRecordExpiry,
  eraseBillingRecordWhenItsDateComes,
  forgetRecordWhenItIsErased,
  keepBillingRecordWhenAccountIsErased,
} from './sagas/billing-record.saga.js';

/** Everything that invoicing adds to the system, apart from its API. */
export const invoicingContext: ContextDefinition = {
  name: 'invoicing',
  deciders: [InvoiceDecider, BillingRecordDecider],
  timers: [billingRecordExpiry],
  reactions: {
    keepBillingRecordWhenAccountIsErased,
    eraseBillingRecordWhenItsDateComes,
    forgetRecordWhenItIsErased,
    issueInvoiceWhenSomethingIsBilled,
  },
  readModels: [billingTerms, invoiceDetails],
  postings: [invoicePostings],
  series: [invoiceNumbers],
};
