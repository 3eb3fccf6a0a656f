import { enqueue, whenever } from '#event-sourcing/reaction.js';
import { derivedId } from '#kernel/ids.js';
import { AccountParked, AccountReleased } from '../account-hold/account-hold.events.js';
import { ParkAccount } from '../account-hold/park-account.js';
import { PaymentWithheld } from '../payment/payment.events.js';
import { RequestPayment } from '../payment/request-payment.js';

/** With the fact: the invoice that is one too many is issued, and the next one meets a parked account. */
export const parkAccountWhenInvoicesAreTooMany = whenever([PaymentWithheld], 'with', ({ data: { accountId, invoiceId, reason } }) =>
  reason === 'too_many_invoices'
    ? [new ParkAccount({ accountId, reason, details: `The invoice ${invoiceId} was one too many for a day.` })]
    : [],
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
