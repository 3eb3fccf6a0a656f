import { ControlApi } from './control/control-api.js';
import { registerControl } from './control/control-routes.js';
import { requestFaults } from './faults/request-faults.js';
import { Authorization } from './http/authorization.js';
import { HttpServer } from './http/http-server.js';
import { StripeApi } from './http/stripe-api.js';
import { StripeAccount } from './resources/stripe-account.js';
import { eraseAll, openDatabase } from './state/database.js';
import { SimulatedClock } from './state/simulated-clock.js';
import { DeliveryRecords } from './webhooks/delivery-records.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.js';
import { webhookFaults } from './webhooks/webhook-faults.js';
import type { WebhookTarget } from './webhooks/webhook-post.js';

export interface SimulatorOptions {
  /** 0 or nothing takes a free port. */
  port?: number;
  /** Nothing means 127.0.0.1. There is no good reason to be heard from further away. */
  host?: string;
  /** A path, or `:memory:` for state that ends with the simulator. */
  stateFile: string;
  webhook?: WebhookTarget;
  /** The only key that is accepted; without it any `sk_test_…` is. */
  apiKey?: string;
}

export interface Simulator {
  url: string;
  host: string;
  port: number;
  /** Where signed events go from now on; `null` stops them. */
  setWebhook(target: WebhookTarget | null): void;
  /** Resolves once every webhook that was due is delivered or given up. */
  webhooksIdle(): Promise<void>;
  /** Ends at once, with replies and webhooks that are still held back given up. Undelivered webhooks are sent after the next start. */
  stop(): Promise<void>;
}

/** Starts a Stripe-compatible simulator in this process. @throws the socket's error when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const database = openDatabase(options.stateFile);
  const clock = new SimulatedClock(database);
  const account = new StripeAccount(database, clock);
  const faults = { requests: requestFaults(), webhooks: webhookFaults() };
  const webhooks = new WebhookDelivery(new DeliveryRecords(database), faults.webhooks, null);
  const stripe = new StripeApi(account, new Authorization(options.apiKey), faults.requests, (events) => webhooks.enqueue(events));
  const setWebhook = (target: WebhookTarget | null) => {
    webhooks.setTarget(target);
    account.events.delivers = target !== null;
  };
  const control = new ControlApi();
  registerControl(control, { account, stripe, faults, webhooks, setWebhook, erase: () => eraseAll(database) });
  const server = new HttpServer(stripe, control);

  let port: number;
  try {
    port = await server.listen(options.port ?? 0, host);
  } catch (error) {
    database.close();
    throw error;
  }
  setWebhook(options.webhook ?? null);
  webhooks.resume();

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    webhooks.stop();
    await server.stop();
    database.close();
  };
  return {
    url: `http://${host}:${port}`,
    host,
    port,
    setWebhook,
    webhooksIdle: () => webhooks.idle(),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
