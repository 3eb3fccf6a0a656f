import { postings } from '#event-sourcing/postings.js';
import { PaymentSucceeded } from './payment.events.js';

/** What the customer owed is now money at the gateway; where nothing was owed any more, we owe it to the customer. */
export const paymentPostings = postings([PaymentSucceeded], ({ data }) => [
  { from: `${data.unapplied ? 'customer-credit' : 'receivable'}:${data.accountId}`, to: `cash:${data.gateway}`, amount: data.amount },
]);
