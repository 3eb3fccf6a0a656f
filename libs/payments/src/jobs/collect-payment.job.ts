import type { Clock } from '#event-sourcing/clock.js';
import type { CommandMeta } from '#event-sourcing/command.js';
import type { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import { faultPoint } from '#kernel/fault-point.js';
import type { PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { GatewayOutcomeUnknown, GatewayRefused, type Intent, type PaymentGateway } from '../gateways/payment-gateway.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';
import { firstStep, type NextStep, stepAfter } from '../payment/collection.policies.js';
import { OpenPaymentIntent } from '../payment/open-payment-intent.js';
import type { PaymentFailure } from '../payment/payment.events.js';
import { isOpen, type OpenPayment } from '../payment/payment.state.js';
import { type PaymentOutcome, RecordPaymentOutcome } from '../payment/record-payment-outcome.js';
import type { StoredPayments } from '../stores/stored-payments.store.js';
import type { StrayCharges } from '../stores/stray-charges.store.js';
import { isForeign, recordOutcome } from './record-outcome.js';

/** The bank has not decided: the job comes back, and a webhook may be faster. */
class NotSettledYet extends Error {
  override readonly name = 'NotSettledYet';
}

/**
 * Collects one payment. Every step is committed before the next call goes out, and every run begins with what is recorded:
 * a run that is cut off anywhere is repeated by the next one with the same keys, or only asked about when the keys are old.
 */
export class CollectPayment implements JobHandler {
  readonly kind = 'payments.collect';
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly executor: CommandExecutor,
    private readonly payments: StoredPayments,
    private readonly clock: Clock,
    private readonly strays: StrayCharges,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const payment = await this.payments.find(job.payload.paymentId as PaymentId);
    if (!isOpen(payment)) {
      await finish();
      return;
    }
    const { paymentId, accountId, method } = payment;
    // On a test clock the outcome is as of the request, so that a simulated payment takes no simulated time.
    const meta = {
      actor: 'job:payments.collect',
      correlationId: job.payload.correlationId ?? paymentId,
      causeEffectiveAt: payment.requestedAt,
    };
    const gateway = this.gateways.named(method.gateway);
    const outcome = await new Collection(gateway, this.executor, this.clock, payment, meta, job.attempt === 1).run();
    await faultPoint('payments.before-outcome');
    try {
      await recordOutcome({ paymentId, outcome }, meta, finish);
      await faultPoint('payments.after-outcome');
    } catch (error) {
      // Money moved that we did not ask for: the job comes back, and meanwhile a person can see it.
      if (isForeign(error) && outcome.result === 'succeeded') {
        const charge = { objectId: outcome.intentId, customerId: method.customerId, amount: outcome.amount };
        await this.strays.record(method.gateway, charge, error.code, accountId);
      }
      throw error;
    }
  }
}

/** One run through the steps of one payment. */
class Collection {
  /** When the gateway was first asked, in real time. A run that left no trace had nothing confirmed, and need not count. */
  private readonly askedAt: Instant;

  constructor(
    private readonly gateway: PaymentGateway,
    private readonly executor: CommandExecutor,
    private readonly clock: Clock,
    private readonly payment: OpenPayment,
    private readonly meta: CommandMeta,
    private readonly isFirstRun: boolean,
  ) {
    this.askedAt = payment.askedAt ?? clock.now();
  }

  /** Asks and acts until the gateway has told the end. Throws when it has not; what is then unknown is recorded before. */
  async run(): Promise<PaymentOutcome> {
    try {
      if (firstStep(this.payment, this.isFirstRun).step === 'open') return await this.open();
      await faultPoint('payments.before-retrieve');
      const intent = await this.ask();
      await faultPoint('payments.after-retrieve');
      if (intent) await this.recordIntent(intent);
      return await this.follow(stepAfter(intent, this.askedAt, this.clock.now()));
    } catch (error) {
      if (error instanceof GatewayOutcomeUnknown) await this.recordUnknown(error.message);
      throw error;
    }
  }

  private async follow(next: NextStep): Promise<PaymentOutcome> {
    switch (next.step) {
      case 'open':
        return this.open();
      case 'confirm':
        return this.confirm(next.intentId);
      case 'cancel':
        return this.cancel(next.intentId, next.failure);
      case 'record':
        return next.outcome;
      case 'wait':
        throw new NotSettledYet('The gateway is still processing the payment.');
      default:
        return next satisfies never;
    }
  }

  private async open(): Promise<PaymentOutcome> {
    const { paymentId, invoiceId, accountId, amount, method, gatewayKey } = this.payment;
    let intent: Intent;
    await faultPoint('payments.before-create');
    try {
      intent = await this.gateway.openIntent({ key: `${gatewayKey}/create`, paymentId, invoiceId, accountId, amount, method });
    } catch (error) {
      if (error instanceof GatewayRefused) return { result: 'failed', intentId: null, failure: error.failure };
      throw error;
    }
    await faultPoint('payments.after-create');
    await this.recordIntent(intent);
    // Under a repeated key the answer may be an old one, but before it was recorded here nobody has confirmed the intent.
    return this.confirm(intent.intentId);
  }

  private async confirm(intentId: string): Promise<PaymentOutcome> {
    let intent: Intent;
    await faultPoint('payments.before-confirm');
    try {
      intent = await this.gateway.confirmIntent(intentId, `${this.payment.gatewayKey}/confirm`);
    } catch (error) {
      if (error instanceof GatewayRefused) return this.cancel(intentId, error.failure);
      throw error;
    }
    await faultPoint('payments.after-confirm');
    if (intent.state.status === 'unconfirmed') throw new GatewayOutcomeUnknown('The gateway has neither charged nor declined.');
    return this.follow(stepAfter(intent, this.askedAt, this.clock.now()));
  }

  /** A payment that is given up must not be charged later: only what the gateway says after that counts. */
  private async cancel(intentId: string, failure: PaymentFailure): Promise<PaymentOutcome> {
    await faultPoint('payments.before-cancel');
    const intent = await this.gateway.cancelIntent(intentId, `${this.payment.gatewayKey}/cancel`);
    await faultPoint('payments.after-cancel');
    if (intent.state.status === 'canceled') return { result: 'failed', intentId, failure };
    const next = stepAfter(intent, this.askedAt, this.clock.now());
    if (next.step === 'record') return next.outcome;
    throw new NotSettledYet(`The payment can be neither charged nor canceled yet: ${intent.state.status}.`);
  }

  private async ask(): Promise<Intent | null> {
    const { intentId, paymentId, method } = this.payment;
    if (!intentId) return this.gateway.intentOfPayment(method.customerId, paymentId);
    const intent = await this.gateway.intent(intentId);
    // Another account's key, or a simulator that was reset: whatever it is, a second intent would not be the answer.
    if (!intent) throw new GatewayOutcomeUnknown(`The gateway does not know its intent ${intentId}.`);
    return intent;
  }

  private async recordIntent({ intentId }: Intent): Promise<void> {
    if (intentId === this.payment.intentId) return;
    const { paymentId } = this.payment;
    await this.executor.execute(new OpenPaymentIntent({ paymentId, intentId, askedAt: this.askedAt }, this.meta));
    await faultPoint('payments.after-intent-recorded');
  }

  private async recordUnknown(reason: string): Promise<void> {
    const { paymentId } = this.payment;
    const outcome: PaymentOutcome = { result: 'unknown', reason, askedAt: this.askedAt };
    await this.executor.execute(new RecordPaymentOutcome({ paymentId, outcome }, this.meta));
  }
}
