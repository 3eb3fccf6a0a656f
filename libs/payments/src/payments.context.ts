import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { AccountHoldDecider } from './account-hold/account-hold.decider.js';
import { AdmitRun } from './account-hold/admit-run.js';
import { PaymentDecider } from './payment/payment.decider.js';
import { paymentPostings } from './payment/payment.postings.js';
import { collectibleInvoice } from './read-models/collectible-invoice/collectible-invoice.projection.js';
import { payer } from './read-models/payer/payer.projection.js';
import { paymentDetails } from './read-models/payment-details/payment-details.projection.js';
import { paymentMethod } from './read-models/payment-method/payment-method.projection.js';
import {
  admitInvoiceWhenThereAreMany,
  holdTimersWhenHoldChanges,
  requestPaymentWhenInvoiceIsAdmitted,
  requestWithheldPaymentsWhenAccountIsReleased,
} from './sagas/account-hold.saga.js';
import {
  closeInvoiceWhenPaymentSucceeds,
  collectWhenPaymentIsRequested,
  requestPaymentWhenCollectionIsDecided,
} from './sagas/collect-invoice.saga.js';

import {
  deleteCustomersWhenAccountIsErased,
  detachMethodWhenRemoved,
  updateCustomerWhenParticularsChange,
} from './sagas/gateway-customer.saga.js';

export const paymentsContext: ContextDefinition = {
  name: 'payments',
  deciders: [PaymentDecider, AccountHoldDecider],
  reactions: {
    requestPaymentWhenCollectionIsDecided,
    collectWhenPaymentIsRequested,
    closeInvoiceWhenPaymentSucceeds,
    admitInvoiceWhenThereAreMany,
    requestPaymentWhenInvoiceIsAdmitted,
    holdTimersWhenHoldChanges,
    requestWithheldPaymentsWhenAccountIsReleased,
    updateCustomerWhenParticularsChange,
    deleteCustomersWhenAccountIsErased,
    detachMethodWhenRemoved,
  },
  admission: (accountId) => new AdmitRun({ accountId }),
  readModels: [payer, paymentMethod, collectibleInvoice, paymentDetails],
  postings: [paymentPostings],
};
