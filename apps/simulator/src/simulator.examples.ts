import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.js';

export const secretKey = 'sk_test_examples';
export const webhookSecret = 'whsec_examples';

export interface Running {
  simulator: Simulator;
  stripe: Stripe;
  /** A second client, with its own connections. */
  connect: (key?: string, timeoutMs?: number) => Stripe;
  control: (method: string, path: string, body?: object) => Promise<{ status: number; body: Record<string, unknown> }>;
}

const running: Simulator[] = [];

/** A simulator on a free port and the real SDK pointed at it. */
export async function aSimulator(options: Partial<SimulatorOptions> = {}): Promise<Running> {
  const simulator = await startSimulator({ stateFile: ':memory:', ...options });
  running.push(simulator);
  const connect = (key = secretKey, timeoutMs = 5_000) =>
    new Stripe(key, {
      host: '127.0.0.1',
      port: simulator.port,
      protocol: 'http',
      maxNetworkRetries: 0,
      timeout: timeoutMs,
      telemetry: false,
    });
  const control: Running['control'] = async (method, path, body) => {
    const response = await fetch(`${simulator.url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { simulator, stripe: connect(), connect, control };
}

export async function stopAll(): Promise<void> {
  for (const simulator of running.splice(0)) await simulator.stop();
  for (const receiver of receivers.splice(0)) receiver.close();
}

export async function aCustomer(stripe: Stripe, token = 'pm_card_visa'): Promise<{ customer: string; method: string }> {
  const customer = await stripe.customers.create({ email: 'ada@example.com', metadata: { account: 'a-1' } });
  const method = await stripe.paymentMethods.attach(token, { customer: customer.id });
  return { customer: customer.id, method: method.id };
}

/** The parameters of a charge as a billing platform makes it, without the cardholder. */
export function offSession(payer: { customer: string; method: string }, amount = 1250): Stripe.PaymentIntentCreateParams {
  return { amount, currency: 'usd', customer: payer.customer, payment_method: payer.method, confirm: true, off_session: true };
}

/** What the SDK throws, or a failure of the test when nothing is thrown. */
export async function failureOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await work.then(
    () => new Error('It succeeded, though it should have failed'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error;
}

export interface Receiver {
  url: string;
  events: Stripe.Event[];
  /** The next deliveries are answered with these statuses, later ones with 200. */
  answerWith: (...statuses: number[]) => void;
}

const receivers: http.Server[] = [];

/** A webhook endpoint that takes only what Stripe's own library verifies. */
export async function aReceiver(secret = webhookSecret): Promise<Receiver> {
  const events: Stripe.Event[] = [];
  const statuses: number[] = [];
  const server = http.createServer(async (request, response) => {
    const payload = Buffer.concat(await request.toArray()).toString('utf8');
    try {
      const event = Stripe.webhooks.constructEvent(payload, String(request.headers['stripe-signature']), secret);
      const status = statuses.shift() ?? 200;
      if (status === 200) events.push(event);
      response.writeHead(status).end();
    } catch {
      response.writeHead(400).end('The signature does not verify');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receivers.push(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/webhook`, events, answerWith: (...given) => statuses.push(...given) };
}
