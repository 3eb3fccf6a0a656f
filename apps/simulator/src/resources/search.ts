import type Stripe from 'stripe';
import { invalidParameter } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import type { Collection, Document } from '../state/collection.js';
import type { StripeAccount } from './stripe-account.js';

interface Clause {
  field: string;
  key: string | null;
  value: string;
}

type Searchable = Document & { metadata: Stripe.Metadata };

const clausePattern = /^\s*(\w+)(?:\[(['"])(.+?)\2\])?\s*:\s*(['"]?)(.*?)\4\s*$/;

/** Stripe's search, as far as `metadata['key']:'value'` and exact fields joined by `AND` go. Unlike Stripe's it is up to date at once. */
export function searchPaymentIntents(account: StripeAccount, request: StripeRequest): Stripe.ApiSearchResult<Stripe.PaymentIntent> {
  return search(account, account.paymentIntents, request, (intent) => ({
    status: intent.status,
    customer: String(intent.customer),
    currency: intent.currency,
    amount: String(intent.amount),
  }));
}

export function searchCustomers(account: StripeAccount, request: StripeRequest): Stripe.ApiSearchResult<Stripe.Customer> {
  return search(account, account.customers, request, (customer) => ({ email: customer.email ?? '', name: customer.name ?? '' }));
}

function search<T extends Searchable>(
  account: StripeAccount,
  collection: Collection<T>,
  request: StripeRequest,
  fieldsOf: (document: T) => Record<string, string>,
): Stripe.ApiSearchResult<T> {
  const { parameters } = request;
  const clauses = clausesOf(parameters.requiredText('query'));
  const limit = parameters.integer('limit') ?? 10;
  const from = Number(parameters.text('page') ?? 0);
  const matches = (document: T) =>
    clauses.every(({ field, key, value }) => (key === null ? fieldsOf(document)[field] : document.metadata[key]) === value);
  const found = candidates(account, collection, clauses).filter(matches);
  const data = found.slice(from, from + limit);
  const hasMore = found.length > from + limit;
  return { object: 'search_result', data, has_more: hasMore, url: request.path, next_page: hasMore ? String(from + limit) : null };
}

/** Newest first. Only a search without metadata has to read everything. */
function candidates<T extends Searchable>(account: StripeAccount, collection: Collection<T>, clauses: Clause[]): T[] {
  const indexed = clauses.find((clause) => clause.key !== null);
  if (indexed?.key == null) return [...collection.all()].reverse();
  return account.metadata
    .find(collection.table, indexed.key, indexed.value)
    .map((id) => collection.find(id))
    .filter((document) => document !== undefined);
}

function clausesOf(query: string): Clause[] {
  return query.split(/\s+AND\s+/i).map((text) => {
    const [, field, , key, , value] = clausePattern.exec(text) ?? [];
    if (field === undefined || value === undefined) {
      throw invalidParameter(`We were unable to parse your search query: ${text}`, 'query');
    }
    return { field, key: key ?? null, value };
  });
}
