import { startSimulator } from './simulator.js';

const { PORT, HOST, STATE_FILE, WEBHOOK_URL, WEBHOOK_SECRET, STRIPE_API_KEY } = process.env;

const simulator = await startSimulator({
  port: Number(PORT ?? 12111),
  host: HOST ?? '127.0.0.1',
  stateFile: STATE_FILE ?? ':memory:',
  webhook: WEBHOOK_URL === undefined ? undefined : { url: WEBHOOK_URL, secret: WEBHOOK_SECRET ?? 'whsec_simulator' },
  apiKey: STRIPE_API_KEY,
});
process.stdout.write(`Stripe simulator on ${simulator.url}, state in ${STATE_FILE ?? 'memory'}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
