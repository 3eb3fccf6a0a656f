import { reactionOf } from '#event-sourcing/testing/specification.js';
import { InvoiceAdmitted } from '../account-hold/account-hold.events.js';
import { AdmitInvoice } from '../account-hold/admit-invoice.js';
import { PaymentWithheld } from '../payment/payment.events.js';
import { anAccountId, anAmount, anInvoiceId, aPaymentId, requestedAt } from '../payment/payment.examples.js';
import { RequestAdmittedPayment } from '../payment/request-admitted-payment.js';
import { admitInvoiceWhenThereAreMany, requestPaymentWhenInvoiceIsAdmitted } from './account-hold.saga.js';

const invoice = { accountId: anAccountId, invoiceId: anInvoiceId, amount: anAmount, issuedAt: requestedAt };

describe('the hold of an account', () => {
  it('is asked to admit an invoice that is one of many, and not one that waits for a release', () => {
    const withheld = (reason: 'account_parked' | 'many_invoices') =>
      new PaymentWithheld({ ...invoice, paymentId: aPaymentId, reason, unadmittedLately: 37, withheldAt: requestedAt });
    reactionOf(admitInvoiceWhenThereAreMany)
      .when(withheld('many_invoices'))
      .then(new AdmitInvoice({ ...invoice, unadmittedLately: 37 }));
    reactionOf(admitInvoiceWhenThereAreMany).when(withheld('account_parked')).then();
  });

  it('lets the payment of an invoice that it admits be requested', () => {
    reactionOf(requestPaymentWhenInvoiceIsAdmitted).when(new InvoiceAdmitted(invoice)).then(new RequestAdmittedPayment(invoice));
  });

  it('counts with the fact, so that no invoice of the same batch is missed', () => {
    expect([admitInvoiceWhenThereAreMany.settles, requestPaymentWhenInvoiceIsAdmitted.settles]).toEqual(['with', 'with']);
  });
});
