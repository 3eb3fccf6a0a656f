import { postings } from '#event-sourcing/postings.js';
import { PaymentSucceeded } from './payment.events.js';

/** What the customer owed is now money at the gateway. */
export const paymentPostings = postings([PaymentSucceeded], ({ data }) => [
  { from: `receivable:${data.accountId}`, to: 'cash:stripe', amount: data.amount },
]);
