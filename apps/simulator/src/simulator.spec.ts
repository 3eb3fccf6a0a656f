import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aCustomer, aReceiver, aSimulator, failureOf, offSession, stopAll, webhookSecret } from './simulator.examples.js';
import { startSimulator } from './simulator.js';

/** The app itself, run from its sources. */
async function aProcess(settings: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const loader = join(import.meta.dirname, '../../../test/support/source-loader.js');
  const child = spawn(process.execPath, ['--import', loader, join(import.meta.dirname, 'main.ts')], {
    env: { ...process.env, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const greeting = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    child.once('exit', (code) => reject(new Error(`The simulator ended with ${code}`)));
  });
  return { child, url: /http:\S+\d/.exec(greeting)?.[0] ?? '' };
}

describe('the simulator as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  afterEach(stopAll);
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps payments, keys, card behavior and clock over a restart', async () => {
    const stateFile = join(folder, 'restart.db');
    const before = await aSimulator({ stateFile });
    const payer = await aCustomer(before.stripe);
    const paid = await before.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'kept' });
    await before.control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'decline', code: 'expired_card' });
    await before.control('PUT', '/clock', { now: '2031-01-31T10:00:00Z' });
    await before.simulator.stop();

    const after = await aSimulator({ stateFile });
    expect(String((await after.control('GET', '/clock')).body.now)).toMatch(/^2031-01-31T10:00/);
    await after.control('PUT', '/clock', { now: null });
    expect((await after.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'kept' })).id).toBe(paid.id);
    expect((await failureOf(after.stripe.paymentIntents.create(offSession(payer)))).code).toBe('expired_card');
  });

  it('sends after the next start what it could not deliver before', async () => {
    const stateFile = join(folder, 'undelivered.db');
    const before = await aSimulator({ stateFile, webhook: { url: 'http://127.0.0.1:9/nobody', secret: webhookSecret } });
    const { id } = await before.stripe.customers.create();
    await before.simulator.stop();
    const receiver = await aReceiver();
    const after = await aSimulator({ stateFile, webhook: { url: receiver.url, secret: webhookSecret } });
    await after.simulator.webhooksIdle();
    expect(receiver.events).toMatchObject([{ type: 'customer.created', data: { object: { id } } }]);
  });

  it('loses nothing it answered when it is killed', async () => {
    const stateFile = join(folder, 'killed.db');
    const { child, url } = await aProcess({ STATE_FILE: stateFile });
    const answered: string[] = [];
    const create = async () => {
      const response = await fetch(`${url}/v1/customers`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_x', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'metadata[kill]=1',
      });
      answered.push(((await response.json()) as { id: string }).id);
    };
    const killed = new Promise((resolve) => child.once('exit', resolve));
    const goesOn = () =>
      create().then(
        () => true,
        () => false,
      );
    // In the middle of things, however slow the machine is: there is always a request on its way.
    while (await goesOn()) if (answered.length === 12) child.kill('SIGKILL');
    await killed;

    const { stripe } = await aSimulator({ stateFile });
    for (const id of answered) expect((await stripe.customers.retrieve(id)).id).toBe(id);
  });

  it('runs as its own process until it is told to end', async () => {
    const { child, url } = await aProcess({ STRIPE_API_KEY: 'sk_test_own' });
    expect((await fetch(`${url}/v1/customers`, { headers: { authorization: 'Bearer sk_test_own' } })).status).toBe(200);
    expect((await fetch(`${url}/v1/customers`, { headers: { authorization: 'Bearer sk_test_other' } })).status).toBe(401);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('stops promptly, with replies and webhooks held back', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { simulator, stripe, control, connect } = await aSimulator({
      webhook: { url: `http://127.0.0.1:${port}/`, secret: webhookSecret },
    });
    await stripe.customers.create();
    await control('POST', '/faults', { kind: 'delay', ms: 600_000, times: null });
    const held = failureOf(connect().customers.create());
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Whoever waited for the answer would get it: the connection is cut instead.
    await simulator.stop();
    expect((await held).type).toBe('StripeConnectionError');
    silent.closeAllConnections();
    silent.close();
  });

  it('says when its port is taken', async () => {
    const { simulator } = await aSimulator();
    await expect(startSimulator({ port: simulator.port, stateFile: ':memory:' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the control interface', () => {
  afterEach(stopAll);

  it('lets a good card decline a number of times, then succeed again', async () => {
    const { stripe, control } = await aSimulator();
    const payer = await aCustomer(stripe);
    await control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'decline', code: 'insufficient_funds', times: 2 });
    const charge = () => stripe.paymentIntents.create(offSession(payer));
    expect((await failureOf(charge())).decline_code).toBe('insufficient_funds');
    expect((await failureOf(charge())).decline_code).toBe('insufficient_funds');
    expect((await charge()).status).toBe('succeeded');
    expect(await control('POST', '/payment_methods/pm_nothing/behavior', { outcome: 'succeed' })).toMatchObject({ status: 404 });
    expect(await control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'decline', code: 'bad_mood' })).toMatchObject({
      status: 400,
    });
  });

  it('shows what was captured and refunded, by metadata', async () => {
    const { stripe, control } = await aSimulator();
    const payer = await aCustomer(stripe);
    const paid = await stripe.paymentIntents.create({ ...offSession(payer, 1000), metadata: { payment: 'p-1' } });
    await stripe.paymentIntents.create({ ...offSession(payer, 2000), metadata: { payment: 'p-2' } });
    await stripe.refunds.create({ payment_intent: paid.id, amount: 400 });
    const mine = await control('GET', '/state?metadata[payment]=p-1');
    expect(mine.body).toMatchObject({
      payment_intents: [{ id: paid.id, amountCaptured: 1000, amountRefunded: 400, capturedCharges: 1, metadata: { payment: 'p-1' } }],
    });
    expect((await control('GET', '/state')).body).toMatchObject({ payment_intents: [{ amount: 1000 }, { amount: 2000 }] });
  });

  it('moves the clock by which objects are dated', async () => {
    const { stripe, control } = await aSimulator();
    await control('PUT', '/clock', { now: '2030-06-01T00:00:00Z' });
    const { created } = await stripe.customers.create();
    expect(new Date(created * 1000).toISOString()).toMatch(/^2030-06-01T00:/);
  });

  it('resets to nothing', async () => {
    const { stripe, control } = await aSimulator();
    const payer = await aCustomer(stripe);
    await stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'k' });
    await control('POST', '/faults', { kind: 'error_before', times: null });
    await control('POST', '/reset');
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
    expect((await failureOf(stripe.customers.retrieve(payer.customer))).code).toBe('resource_missing');
    expect((await stripe.customers.create({}, { idempotencyKey: 'k' })).object).toBe('customer');
  });
});
