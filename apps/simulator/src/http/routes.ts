import { listBalanceTransactions, retrieveBalanceTransaction } from '../resources/balance-transactions.js';
import { listCharges, retrieveCharge } from '../resources/charges.js';
import { createCustomer, deleteCustomer, listCustomers, retrieveCustomer, updateCustomer } from '../resources/customers.js';
import { listEvents, retrieveEvent } from '../resources/events.js';
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
  updatePaymentIntent,
} from '../resources/payment-intents.js';
import {
  attachPaymentMethod,
  createPaymentMethod,
  detachPaymentMethod,
  listPaymentMethods,
  retrieveCustomerPaymentMethod,
  retrievePaymentMethod,
  updatePaymentMethod,
} from '../resources/payment-methods.js';
import { createRefund, listRefunds, retrieveRefund, updateRefund } from '../resources/refunds.js';
import { searchCustomers, searchPaymentIntents } from '../resources/search.js';
import type { StripeAccount } from '../resources/stripe-account.js';
import type { StripeRequest } from './stripe-request.js';

type Endpoint = (account: StripeAccount, request: StripeRequest) => object;

interface Route {
  method: string;
  segments: string[];
  endpoint: Endpoint;
}

function route(method: string, pattern: string, endpoint: Endpoint): Route {
  return { method, segments: pattern.split('/'), endpoint };
}

/** In order: a fixed word such as `search` stands before the id that it could be taken for. */
const routes: Route[] = [
  route('POST', '/v1/customers', createCustomer),
  route('GET', '/v1/customers', listCustomers),
  route('GET', '/v1/customers/search', searchCustomers),
  route('GET', '/v1/customers/:id', retrieveCustomer),
  route('POST', '/v1/customers/:id', updateCustomer),
  route('DELETE', '/v1/customers/:id', deleteCustomer),
  route('GET', '/v1/customers/:id/payment_methods', listPaymentMethods),
  route('GET', '/v1/customers/:id/payment_methods/:id', retrieveCustomerPaymentMethod),
  route('POST', '/v1/payment_methods', createPaymentMethod),
  route('GET', '/v1/payment_methods', listPaymentMethods),
  route('GET', '/v1/payment_methods/:id', retrievePaymentMethod),
  route('POST', '/v1/payment_methods/:id', updatePaymentMethod),
  route('POST', '/v1/payment_methods/:id/attach', attachPaymentMethod),
  route('POST', '/v1/payment_methods/:id/detach', detachPaymentMethod),
  route('POST', '/v1/payment_intents', createPaymentIntent),
  route('GET', '/v1/payment_intents', listPaymentIntents),
  route('GET', '/v1/payment_intents/search', searchPaymentIntents),
  route('GET', '/v1/payment_intents/:id', retrievePaymentIntent),
  route('POST', '/v1/payment_intents/:id', updatePaymentIntent),
  route('POST', '/v1/payment_intents/:id/confirm', confirmPaymentIntent),
  route('POST', '/v1/payment_intents/:id/cancel', cancelPaymentIntent),
  route('POST', '/v1/payment_intents/:id/capture', capturePaymentIntent),
  route('GET', '/v1/charges', listCharges),
  route('GET', '/v1/charges/:id', retrieveCharge),
  route('POST', '/v1/refunds', createRefund),
  route('GET', '/v1/refunds', listRefunds),
  route('GET', '/v1/refunds/:id', retrieveRefund),
  route('POST', '/v1/refunds/:id', updateRefund),
  route('GET', '/v1/events', listEvents),
  route('GET', '/v1/events/:id', retrieveEvent),
  route('GET', '/v1/balance_transactions', listBalanceTransactions),
  route('GET', '/v1/balance_transactions/:id', retrieveBalanceTransaction),
];

/** The endpoint for a request and what the `:id`s in its path stand for. */
export function routeFor(method: string, path: string): { endpoint: Endpoint; captures: string[] } | undefined {
  const segments = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== method || candidate.segments.length !== segments.length) continue;
    const captures: string[] = [];
    const matches = candidate.segments.every((expected, index) => {
      const segment = segments[index] ?? '';
      if (expected === ':id') captures.push(decodeURIComponent(segment));
      return expected === ':id' || expected === segment;
    });
    if (matches) return { endpoint: candidate.endpoint, captures };
  }
  return undefined;
}
