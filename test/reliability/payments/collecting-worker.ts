import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { type FinishJob, type JobHandler, JobRunner } from '#event-sourcing/job-runner.js';
import { type ClaimedJob, JobStore } from '#event-sourcing/jobs.js';
import { newId, type PaymentId } from '#kernel/ids.js';
import type { PaymentGateway } from '#payments/gateways/payment-gateway.js';
import { PaymentGateways } from '#payments/gateways/payment-gateways.js';
import { CollectPayment } from '#payments/jobs/collect-payment.job.js';
import { HoldTimers } from '#payments/jobs/hold-timers.job.js';
import { LookIntoGatewayEvent } from '#payments/jobs/look-into-gateway-event.job.js';
import { SweepGatewayEvents } from '#payments/jobs/sweep-gateway-events.job.js';
import { outcomeOf } from '#payments/payment/collection.policies.js';
import { OpenPaymentIntent } from '#payments/payment/open-payment-intent.js';
import { isOpen } from '#payments/payment/payment.state.js';
import { RecordPaymentOutcome } from '#payments/payment/record-payment-outcome.js';
import { StoredPayments } from '#payments/stores/stored-payments.store.js';
import { StrayCharges } from '#payments/stores/stray-charges.store.js';
import type { TestPlatform } from '../../support/platform.js';

/**
 * `fresh-keys`: each try is a new request to the gateway, and nobody looks for an intent that was made before; either guard alone
 * would do. `charge-again`: each run charges without asking what the last one did.
 */
export type Carelessness = 'fresh-keys' | 'charge-again';

const KINDS = ['payments.collect', 'payments.gateway-event', 'payments.hold-timers'];
/**
 * Most of a run is waiting: for a connection that was closed the SDK of Stripe pauses half a second before it tries once more. So
 * many run at once, in groups that do not wait for each other.
 */
const GROUPS = 6;
const AT_ONCE = 16;
/** What share of the jobs in work a second worker takes over each time it looks. */
const STOLEN = 0.15;
const LEASE_MS = 60_000;

/** The jobs of payments, run when the suite says so, with the handlers of the platform or with those of a control. */
export class CollectingWorker {
  runs = 0;
  lostLeases = 0;
  private readonly runner: JobRunner;

  constructor(
    private readonly platform: TestPlatform,
    careless?: Carelessness,
  ) {
    const incidents = new Incidents();
    incidents.listen(({ error }) => {
      if (error.name === 'LeaseLost') this.lostLeases += 1;
    });
    const timing = { leaseMs: LEASE_MS, heartbeatMs: LEASE_MS, longestRunMs: LEASE_MS };
    this.runner = new JobRunner(this.part(JobStore), this.part(CommandExecutor), incidents, timing);
    this.runner.register(this.collector(careless));
    this.runner.register(this.part(LookIntoGatewayEvent));
    this.runner.register(this.part(HoldTimers));
  }

  /** One turn through all jobs that there are, those included that wait after a failure or are held by someone else. */
  async work(): Promise<void> {
    await this.platform.database.query(
      `update es.job set run_at = least(run_at, now()), lease_until = least(lease_until, now() - interval '1 second') where kind = any($1::text[])`,
      [KINDS],
    );
    const group = async () => {
      while ((await this.runSome()) > 0);
    };
    await Promise.all(Array.from({ length: GROUPS }, group));
  }

  /** The same by two workers, of whom the second takes over what the first holds now and then, as if that had stopped past its lease. */
  async workInTwo(): Promise<void> {
    let isWorking = true;
    const first = this.work().finally(() => {
      isWorking = false;
    });
    const second = async () => {
      for (; isWorking; await pause(50)) {
        await this.steal();
        await this.runSome();
      }
    };
    await Promise.all([first, second()]);
  }

  private async runSome(): Promise<number> {
    const ran = await this.runner.runDue(AT_ONCE);
    this.runs += ran;
    return ran;
  }

  private async steal(): Promise<void> {
    await this.platform.database.query(
      `update es.job set lease_until = now() - interval '1 second' where kind = any($1::text[]) and state = 'leased' and random() < $2`,
      [KINDS, STOLEN],
    );
  }

  sweep(): Promise<number> {
    return this.part(SweepGatewayEvents).sweep('stripe');
  }

  async left(): Promise<number> {
    return (await this.platform.database.query('select id from es.job where kind = any($1::text[])', [KINDS])).length;
  }

  private collector(careless: Carelessness | undefined): JobHandler {
    const gateway = this.part(PaymentGateways).named('stripe');
    if (careless === 'charge-again') {
      return new ChargeAgain(gateway, this.part(CommandExecutor), this.part(StoredPayments), this.part(Clock));
    }
    const gateways = new PaymentGateways([careless === 'fresh-keys' ? freshKeys(gateway) : gateway]);
    return new CollectPayment(gateways, this.part(CommandExecutor), this.part(StoredPayments), this.part(Clock), this.part(StrayCharges));
  }

  private part<T>(token: abstract new (...args: never[]) => T): T {
    return this.platform.app.get(token, { strict: false });
  }
}

/** The real gateway, whose caller has forgotten that a repetition must carry the same key, and to ask what became of the last one. */
function freshKeys(real: PaymentGateway): PaymentGateway {
  return new Proxy(real, {
    get(target, name) {
      if (name === 'name') return target.name;
      const method = Reflect.get(target, name).bind(target);
      if (name === 'openIntent') return (request: { key: string }) => method({ ...request, key: newId() });
      if (name === 'intentOfPayment') return async () => null;
      if (name === 'confirmIntent') return (intentId: string) => method(intentId, newId());
      return method;
    },
  });
}

/** How it is done where nobody has thought of lost answers: charge, then record. */
class ChargeAgain implements JobHandler {
  readonly kind = 'payments.collect';

  constructor(
    private readonly gateway: PaymentGateway,
    private readonly executor: CommandExecutor,
    private readonly payments: StoredPayments,
    private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const payment = await this.payments.find(job.payload.paymentId as PaymentId);
    if (!isOpen(payment)) {
      await finish();
      return;
    }
    const meta = { actor: 'control', correlationId: payment.paymentId };
    const { intentId } = await this.gateway.openIntent({ ...payment, key: newId() });
    const outcome = outcomeOf(await this.gateway.confirmIntent(intentId, newId()));
    if (!outcome) throw new Error('Not settled.');
    await this.executor.execute(new OpenPaymentIntent({ paymentId: payment.paymentId, intentId, askedAt: this.clock.now() }, meta));
    await finish(new RecordPaymentOutcome({ paymentId: payment.paymentId, outcome }, meta));
  }
}
