import type { Parameters } from './parameters.js';

/** A request as the endpoints see it. */
export interface StripeRequest {
  id: string;
  method: string;
  path: string;
  parameters: Parameters;
  idempotencyKey: string | null;
  /** What the pattern of the route caught, in its order: `/v1/customers/:id` catches the id. */
  captures: string[];
}
