import type Stripe from 'stripe';
import type { Collection, Document, Filter } from '../state/collection.js';
import { invalidParameter, noSuch } from './stripe-failure.js';
import type { StripeRequest } from './stripe-request.js';

/** One page of a list, newest first, by Stripe's `limit`, `starting_after`, `ending_before` and `created`. */
export function pageOf<T extends Document>(collection: Collection<T>, request: StripeRequest, filter: Filter): Stripe.ApiList<T> {
  const { parameters } = request;
  const limit = parameters.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) throw invalidParameter('This value must be between 1 and 100.', 'limit', 'parameter_invalid_integer');
  const startingAfter = parameters.text('starting_after');
  const endingBefore = parameters.text('ending_before');
  if (startingAfter !== undefined && endingBefore !== undefined) {
    throw invalidParameter('Only one of ending_before and starting_after may be given.', 'ending_before');
  }
  const cursor = startingAfter ?? endingBefore;
  if (cursor !== undefined && collection.find(cursor) === undefined) {
    throw noSuch(collection.table.slice(0, -1), cursor, startingAfter === undefined ? 'ending_before' : 'starting_after', 400);
  }
  const created = parameters.createdRange();
  const { data, hasMore } = collection.list({ ...filter, created }, { limit, startingAfter, endingBefore });
  return { object: 'list', data, has_more: hasMore, url: request.path };
}
