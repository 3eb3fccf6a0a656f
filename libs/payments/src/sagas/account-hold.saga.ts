import { enqueue, whenever } from '#event-sourcing/reaction.js';
import { derivedId } from '#kernel/ids.js';
import { AccountParked, AccountReleased, InvoiceAdmitted } from '../account-hold/account-hold.events.js';
import { AdmitInvoice } from '../account-hold/admit-invoice.js';
import { PaymentWithheld } from '../payment/payment.events.js';
import { RequestAdmittedPayment } from '../payment/request-admitted-payment.js';
import { RequestPayment } from '../payment/request-payment.js';

/** With the fact: the invoice that is one too many is issued, and stays withheld; the next one meets a parked account. */
export const admitInvoiceWhenThereAreMany = whenever(
  [PaymentWithheld],
  'with',
  ({ data: { accountId, invoiceId, amount, issuedAt, reason, unadmittedLately } }) =>
    reason === 'many_invoices' ? [new AdmitInvoice({ accountId, invoiceId, amount, issuedAt, unadmittedLately })] : [],
);

export const requestPaymentWhenInvoiceIsAdmitted = whenever(
  [InvoiceAdmitted],
  'with',
  ({ data: { accountId, invoiceId, amount, issuedAt } }) => [new RequestAdmittedPayment({ invoiceId, accountId, amount, issuedAt })],
);

export const holdTimersWhenHoldChanges = whenever(
  [AccountParked, AccountReleased],
  'with',
  ({ data: { accountId } }, { streamId, version }) => [
    enqueue('payments.hold-timers', derivedId(streamId, `timers/${version}`), { accountId }),
  ],
);

/** After the fact: the request must see that the account is not parked any more. */
export const requestWithheldPaymentsWhenAccountIsReleased = whenever([AccountReleased], 'after', ({ data: { accountId, withheld } }) =>
  withheld.map(({ invoiceId, amount, issuedAt }) => new RequestPayment({ invoiceId, accountId, amount, issuedAt })),
);
