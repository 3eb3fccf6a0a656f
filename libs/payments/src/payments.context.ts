import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { AccountHoldDecider } from './account-hold/account-hold.decider.js';
import { PaymentDecider } from './payment/payment.decider.js';
import { paymentPostings } from './payment/payment.postings.js';
import { billedStream } from './read-models/billed-stream/billed-stream.projection.js';
import { collectibleInvoice } from './read-models/collectible-invoice/collectible-invoice.projection.js';
import { payer } from './read-models/payer/payer.projection.js';
import { paymentDetails } from './read-models/payment-details/payment-details.projection.js';
import { paymentMethod } from './read-models/payment-method/payment-method.projection.js';
import {
  admitRunWhenTimerBills,
  holdTimersWhenHoldChanges,
  parkAccountWhenInvoicesAreTooMany,
  requestWithheldPaymentsWhenAccountIsReleased,
} from './sagas/account-hold.saga.js';
import {
  closeInvoiceWhenPaymentSucceeds,
  collectWhenPaymentIsRequested,
  requestPaymentWhenInvoiceIsIssued,
} from './sagas/collect-invoice.saga.js';

import { detachMethodWhenRemoved, updateCustomerWhenParticularsChange } from './sagas/gateway-customer.saga.js';

export const paymentsContext: ContextDefinition = {
  name: 'payments',
  deciders: [PaymentDecider, AccountHoldDecider],
  reactions: {
    requestPaymentWhenInvoiceIsIssued,
    collectWhenPaymentIsRequested,
    closeInvoiceWhenPaymentSucceeds,
    parkAccountWhenInvoicesAreTooMany,
    admitRunWhenTimerBills,
    holdTimersWhenHoldChanges,
    requestWithheldPaymentsWhenAccountIsReleased,
    updateCustomerWhenParticularsChange,
    detachMethodWhenRemoved,
  },
  readModels: [payer, paymentMethod, billedStream, collectibleInvoice, paymentDetails],
  postings: [paymentPostings],
};
