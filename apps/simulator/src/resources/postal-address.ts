import type Stripe from 'stripe';
import type { Parameters } from '../http/parameters.js';

export function addressFrom(parameters: Parameters | undefined): Stripe.Address | null {
  if (parameters === undefined) return null;
  return {
    city: parameters.textOr('city', null),
    country: parameters.textOr('country', null),
    line1: parameters.textOr('line1', null),
    line2: parameters.textOr('line2', null),
    postal_code: parameters.textOr('postal_code', null),
    state: parameters.textOr('state', null),
  };
}
