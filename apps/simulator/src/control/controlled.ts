import type { RequestFaults } from '../faults/request-faults.js';
import type { StripeApi } from '../http/stripe-api.js';
import type { StripeAccount } from '../resources/stripe-account.js';
import type { WebhookDelivery } from '../webhooks/webhook-delivery.js';
import type { WebhookFaults } from '../webhooks/webhook-faults.js';
import type { WebhookTarget } from '../webhooks/webhook-post.js';

/** Everything that the control interface can reach. */
export interface Controlled {
  account: StripeAccount;
  stripe: StripeApi;
  faults: { requests: RequestFaults; webhooks: WebhookFaults };
  webhooks: WebhookDelivery;
  setWebhook: (target: WebhookTarget | null) => void;
  erase: () => void;
}
