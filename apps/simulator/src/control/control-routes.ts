import type { RequestFaults } from '../faults/request-faults.js';
import type { StripeApi } from '../http/stripe-api.js';
import type { StripeAccount } from '../resources/stripe-account.js';
import type { WebhookDelivery } from '../webhooks/webhook-delivery.js';
import type { WebhookFaults } from '../webhooks/webhook-faults.js';
import type { WebhookTarget } from '../webhooks/webhook-post.js';
import { controlCards } from './card-control.js';
import type { ControlApi } from './control-api.js';
import { controlFaults } from './fault-control.js';
import { controlState } from './state-control.js';
import { controlWebhooks } from './webhook-control.js';

/** Everything that the control interface can reach. */
export interface Controlled {
  account: StripeAccount;
  stripe: StripeApi;
  faults: { requests: RequestFaults; webhooks: WebhookFaults };
  webhooks: WebhookDelivery;
  setWebhook: (target: WebhookTarget | null) => void;
  erase: () => void;
}

export function registerControl(control: ControlApi, controlled: Controlled): void {
  controlFaults(control, controlled.faults);
  controlWebhooks(control, controlled);
  controlCards(control, controlled);
  controlState(control, controlled);
}
