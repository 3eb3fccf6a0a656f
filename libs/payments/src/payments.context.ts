import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { PaymentDecider } from './payment/payment.decider.js';
import { paymentPostings } from './payment/payment.postings.js';
import { collectibleInvoice } from './read-models/collectible-invoice/collectible-invoice.projection.js';
import { payer } from './read-models/payer/payer.projection.js';
import { paymentDetails } from './read-models/payment-details/payment-details.projection.js';
import { paymentMethod } from './read-models/payment-method/payment-method.projection.js';
import {
  closeInvoiceWhenPaymentSucceeds,
  collectWhenPaymentIsRequested,
  requestPaymentWhenInvoiceIsIssued,
} from './sagas/collect-invoice.saga.js';

export const paymentsContext: ContextDefinition = {
  name: 'payments',
  deciders: [PaymentDecider],
  reactions: { requestPaymentWhenInvoiceIsIssued, collectWhenPaymentIsRequested, closeInvoiceWhenPaymentSucceeds },
  readModels: [payer, paymentMethod, collectibleInvoice, paymentDetails],
  postings: [paymentPostings],
};
