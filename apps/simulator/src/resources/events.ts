import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { noSuch } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import type { StripeAccount } from './stripe-account.js';

export function listEvents(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.Event> {
  const type = request.parameters.text('type');
  const types = request.parameters.list('types') ?? (type === undefined ? undefined : [type]);
  return pageOf(account.events.collection, request, { types });
}

export function retrieveEvent(account: StripeAccount, request: StripeRequest): Stripe.Event {
  const id = request.captures[0] ?? '';
  const event = account.events.collection.find(id);
  if (event === undefined) throw noSuch('event', id, 'id', 404);
  return event;
}
