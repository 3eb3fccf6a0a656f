import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { type FinishJob, type JobHandler, JobRunner } from '#event-sourcing/job-runner.js';
import { type ClaimedJob, JobStore } from '#event-sourcing/jobs.js';
import { type Instant, plusMs } from '#kernel/instant.js';
import { GatewayOutcomeUnknown, type PaymentGateway } from '#payments/gateways/payment-gateway.js';
import { PaymentGateways } from '#payments/gateways/payment-gateways.js';
import { CollectPayment } from '#payments/jobs/collect-payment.job.js';
import { StoredPayments } from '#payments/stores/stored-payments.store.js';
import { StrayCharges } from '#payments/stores/stray-charges.store.js';
import { PaymentStage } from './payments.stage.js';

const once = { intents: 1, captured: 1, amount: 2900 };
const nothing = { intents: 1, captured: 0, amount: 0 };
const create = { method: 'POST', path: '/v1/payment_intents' };
const confirm = { method: 'POST', path: '/v1/payment_intents/*/confirm' };

let stage: PaymentStage;
beforeAll(async () => {
  stage = await PaymentStage.open();
  // Here the job is alone with the gateway; what webhooks add is specified elsewhere.
  stage.platform.simulator.setWebhook(null);
});
afterEach(() => stage.calm());
afterAll(() => stage.close());

async function expectPaidOnce(invoiceId: string): Promise<void> {
  expect(await stage.taken(invoiceId)).toEqual(once);
  expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded', attempt: 1, failure: null }]);
  expect(await stage.invoiceStatus(invoiceId)).toBe('paid');
  expect(await stage.events('PaymentSucceeded', invoiceId)).toBe(1);
  expect(await stage.jobs()).toBe(0);
}

describe('collecting an invoice', () => {
  it('charges it once, closes it, and moves the money in the books', async () => {
    const { invoiceId, accountId } = await stage.invoice();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'pending' }]);
    await stage.work();
    await expectPaidOnce(invoiceId);
    const postings = await stage.platform.database.query(`select debit_account, amount from ledger.posting where credit_account = $1`, [
      `receivable:${accountId}`,
    ]);
    expect(postings).toEqual([{ debit_account: 'cash:stripe', amount: '2900' }]);
  });

  it('confirms no intent that is not recorded and committed', async () => {
    const { invoiceId } = await stage.invoice();
    const recorded: number[] = [];
    const watched = intercepted('confirmIntent', async (confirming) => {
      recorded.push(await stage.events('PaymentIntentOpened', invoiceId));
      return confirming();
    });
    await runWith(collector({ gateway: watched }));
    expect(recorded).toEqual([1]);
    await expectPaidOnce(invoiceId);
  });

  it('requests nothing of an account without a payment method, until one is there and someone asks', async () => {
    const { invoiceId, accountId } = await stage.invoice('', { paymentMethod: undefined });
    expect(await stage.payments(invoiceId)).toEqual([]);
    expect(await stage.jobs()).toBe(0);
    const refused = await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(409);
    expect(refused.body.code).toBe('payment_method_missing');
    await stage.platform.post(`/v1/accounts/${accountId}/payment-methods`, { token: 'pm_card_visa' }).expect(201);
    await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(201);
    await stage.work();
    await expectPaidOnce(invoiceId);
  });

  it('records a decline with its reason and leaves the invoice open for another attempt with another card', async () => {
    const { invoiceId, accountId } = await stage.invoice('pm_card_chargeDeclinedInsufficientFunds');
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'insufficient_funds' } }]);
    expect(await stage.invoiceStatus(invoiceId)).toBe('open');
    expect(await stage.jobs()).toBe(0);

    await stage.platform.post(`/v1/accounts/${accountId}/payment-methods`, { token: 'pm_card_visa', isDefault: true }).expect(201);
    const { body } = await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(201);
    expect(body).toMatchObject({ invoiceId, status: 'pending', attempt: 2 });
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
    expect(await stage.invoiceStatus(invoiceId)).toBe('paid');
    expect(await stage.taken(invoiceId)).toEqual({ intents: 2, captured: 1, amount: 2900 });
  });

  it('fails where the customer would have to authenticate', async () => {
    const { invoiceId } = await stage.invoice('pm_card_threeDSecure2Required');
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'authentication_required' } }]);
  });
});

describe('while the outcome is unknown', () => {
  // A connection that is closed is tried once more by the SDK itself, with the same key.
  it.each([
    ['creating fails before acting', { ...create, kind: 'error_before' }],
    ['creating fails after acting', { ...create, kind: 'error_after' }],
    ['creating is cut off before acting', { ...create, kind: 'reset_before', times: 2 }],
    ['creating is cut off after acting', { ...create, kind: 'reset_after', times: 2 }],
    ['creating is not answered', { ...create, kind: 'timeout_after', ms: 50, times: 2 }],
    ['creating meets itself', { ...create, kind: 'key_in_use' }],
    ['confirming fails before acting', { ...confirm, kind: 'error_before' }],
    ['confirming fails after acting', { ...confirm, kind: 'error_after' }],
    ['confirming is cut off before acting', { ...confirm, kind: 'reset_before', times: 2 }],
    ['confirming is cut off after acting', { ...confirm, kind: 'reset_after', times: 2 }],
    ['confirming is not answered', { ...confirm, kind: 'timeout_after', ms: 50, times: 2 }],
    ['confirming meets itself', { ...confirm, kind: 'key_in_use' }],
  ])('no other attempt is made, and asking finds out, when %s', async (_, fault) => {
    const { invoiceId } = await stage.invoice();
    await stage.fault(fault);
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'unknown', attempt: 1 }]);
    const refused = await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(409);
    expect(refused.body.code).toBe('payment_in_progress');
    await stage.work();
    await expectPaidOnce(invoiceId);
    expect(await stage.events('PaymentOutcomeUnknown', invoiceId)).toBe(1);
  });

  it('goes on through failure after failure, with one charge at the end', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({
      kinds: ['error_before', 'error_after', 'reset_after', 'rate_limit', 'key_in_use'],
      probability: 0.6,
      seed: 7,
      path: '/v1/payment_intents/*/confirm',
    });
    await stage.fault({
      kinds: ['error_before', 'error_after', 'reset_after', 'rate_limit'],
      probability: 0.6,
      seed: 11,
      path: '/v1/payment_intents',
    });
    await stage.fault({ kinds: ['error_before', 'reset_before'], probability: 0.4, seed: 13, path: '/v1/payment_intents/*' });
    for (let round = 0; round < 60 && (await stage.jobs()) > 0; round += 1) await stage.work();
    await expectPaidOnce(invoiceId);
  });

  it('sends the same request with the same key again', async () => {
    const { invoiceId } = await stage.invoice();
    for (const call of ['openIntent', 'confirmIntent'] as const) {
      const sent: unknown[] = [];
      const fails = async (_: unknown, given: readonly unknown[]) => {
        sent.push(given);
        throw new GatewayOutcomeUnknown('no answer');
      };
      for (let attempt = 0; attempt < 3; attempt += 1) await runWith(collector({ gateway: intercepted(call, fails) }));
      expect(sent).toHaveLength(3);
      expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    }
    await stage.work();
    await expectPaidOnce(invoiceId);
  });

  it('stays as requested when there were too many requests: nothing was done', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...create, kind: 'rate_limit' });
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'pending' }]);
    await stage.work();
    await expectPaidOnce(invoiceId);
  });
});

type Call = 'openIntent' | 'confirmIntent';

/** The real gateway, with something around one of its calls. */
function intercepted(call: Call, around: (made: () => Promise<unknown>, given: readonly unknown[]) => Promise<unknown>): PaymentGateway {
  return new Proxy(stripe(), {
    get(real, name) {
      if (name === 'name') return real.name;
      const method = Reflect.get(real, name).bind(real);
      return name === call ? (...given: unknown[]) => around(() => method(...given), given) : method;
    },
  });
}

/** A gateway whose caller dies when a call comes back. */
const dyingAfter = (call: Call): PaymentGateway =>
  intercepted(call, async (made) => {
    await made();
    throw new Error('killed');
  });

const part = <T>(token: abstract new (...args: never[]) => T): T => stage.platform.app.get(token, { strict: false });

const stripe = (): PaymentGateway => part(PaymentGateways).named('stripe');

function collector({ gateway = stripe(), clock = part(Clock) }: { gateway?: PaymentGateway; clock?: Clock }): CollectPayment {
  return new CollectPayment(new PaymentGateways([gateway]), part(CommandExecutor), part(StoredPayments), clock, part(StrayCharges));
}

async function claim(): Promise<ClaimedJob> {
  await stage.makeDue();
  const jobs = await part(JobStore).claim({ worker: 'a worker', leaseMs: 60_000, limit: 1, kinds: ['payments.collect'] });
  expect(jobs).toHaveLength(1);
  return jobs[0]!;
}

/** Runs the one job there is as another process would, with a handler of its own. */
async function runWith(handler: JobHandler): Promise<void> {
  const runner = new JobRunner(part(JobStore), part(CommandExecutor), part(Incidents));
  runner.register(handler);
  await stage.makeDue();
  expect(await runner.runDue(1)).toBe(1);
}

/** Goes on with a job that was claimed before, and tells how that ended; the claim may be long void. */
async function goOnWith(job: ClaimedJob): Promise<string> {
  const finish: FinishJob = async (command) => {
    await part(CommandExecutor).inTransaction(job.bucket, async (transaction) => {
      const done = command ? await part(CommandExecutor).executeIn(transaction, [command]) : [];
      await part(JobStore).finish(transaction.sql, job);
      return done;
    });
    return undefined;
  };
  return part(CollectPayment)
    .run(job, finish)
    .then(
      () => 'finished',
      (error: Error) => error.name,
    );
}

describe('a worker that is killed', () => {
  it.each<[string, Call]>([
    ['after the intent was made and before it was recorded', 'openIntent'],
    ['after the charge and before it was recorded', 'confirmIntent'],
  ])('%s leaves a payment that the next one finishes', async (_, call) => {
    const { invoiceId } = await stage.invoice();
    const job = await claim();
    const killed = collector({ gateway: dyingAfter(call) });
    await expect(killed.run(job, () => Promise.reject(new Error('not reached')))).rejects.toThrow('killed');
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: call === 'openIntent' ? 'pending' : 'processing' }]);
    await stage.work();
    await expectPaidOnce(invoiceId);
  });

  it('after the intent was made leaves one that is found again when the gateway has forgotten the key', async () => {
    const { invoiceId } = await stage.invoice();
    await expect(
      collector({ gateway: dyingAfter('openIntent') }).run(await claim(), () => Promise.reject(new Error('not reached'))),
    ).rejects.toThrow('killed');
    await stage.gatewayTime(plusMs(part(Clock).now(), 25 * 3600 * 1000));
    await stage.work();
    await expectPaidOnce(invoiceId);
    await stage.gatewayTime(null);
  });

  it('as it records the outcome leaves a payment that the next one finishes', async () => {
    const { invoiceId } = await stage.invoice();
    await expect(part(CollectPayment).run(await claim(), () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    expect(await stage.taken(invoiceId)).toEqual(once);
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'processing' }]);
    await stage.work();
    await expectPaidOnce(invoiceId);
  });

  it('or only stopped past its lease changes nothing when it wakes', async () => {
    const { invoiceId } = await stage.invoice();
    const stopped = await claim();
    await stage.work();
    await expectPaidOnce(invoiceId);
    expect(await goOnWith(stopped)).toBe('LeaseLost');
    await expectPaidOnce(invoiceId);
  });

  it('beside another that has the same job charges once', async () => {
    const { invoiceId } = await stage.invoice();
    const [first, second] = [await claim(), await claim()];
    const ended = await Promise.all([first, second].map(goOnWith));
    expect(ended.filter((how) => how === 'finished').length).toBeLessThanOrEqual(1);
    await stage.work();
    await expectPaidOnce(invoiceId);
  });
});

describe('23 hours after the first request', () => {
  class LaterClock extends Clock {
    override now(): Instant {
      return plusMs(super.now(), 23 * 3600 * 1000 + 1000);
    }
  }
  const runLate = () => runWith(collector({ clock: new LaterClock() }));

  it('an intent that was never confirmed is taken back, and another attempt may be made', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_before' });
    await stage.work();
    await runLate();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'gateway_unreachable' } }]);
    expect(await stage.taken(invoiceId)).toEqual(nothing);
    await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(201);
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
    expect(await stage.taken(invoiceId)).toEqual({ intents: 2, captured: 1, amount: 2900 });
  });

  it('a charge whose answer was lost is found by asking alone', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_after' });
    await stage.work();
    await stage.fault({ method: 'POST', kind: 'error_before', times: null });
    await runLate();
    await expectPaidOnce(invoiceId);
  });

  it('a payment whose intent was never made has failed', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...create, kind: 'error_before' });
    await stage.work();
    await runLate();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'gateway_unreachable' } }]);
    expect(await stage.taken(invoiceId)).toEqual({ intents: 0, captured: 0, amount: 0 });
  });

  it('an intent that was made but never recorded is found by its payment, taken back and has failed', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...create, kind: 'error_after' });
    await stage.work();
    await runLate();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'gateway_unreachable' } }]);
    expect(await stage.taken(invoiceId)).toEqual(nothing);
  });
});
