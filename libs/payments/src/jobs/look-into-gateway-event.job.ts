import type { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { faultPoint } from '#kernel/fault-point.js';
import { type AccountId, isId, type PaymentId } from '#kernel/ids.js';
import type { Intent } from '../gateways/payment-gateway.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';
import { outcomeOf } from '../payment/collection.policies.js';
import { isUnasked } from '../payment/payment.state.js';
import type { StoredPayments } from '../stores/stored-payments.store.js';
import type { StrayCharges } from '../stores/stray-charges.store.js';
import { isForeign, recordOutcome } from './record-outcome.js';

interface InboxRow {
  gateway: string;
  type: string;
  object_id: string | null;
  intent_id: string | null;
}

/** What became of an event, for a person who asks. */
type Result = 'ignored' | 'refund' | 'gone' | 'not settled' | 'recorded' | 'stray' | `refused: ${string}`;

/** Looks into an event of the inbox: asks the gateway for the object as it is now, and records that. */
export class LookIntoGatewayEvent implements JobHandler {
  readonly kind = 'payments.gateway-event';
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly executor: CommandExecutor,
    private readonly payments: StoredPayments,
    private readonly database: Database,
    private readonly strays: StrayCharges,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const key = [job.bucket, job.payload.id];
    const [event] = await this.database.query<InboxRow>(
      'select gateway, type, object_id, intent_id from payments.gateway_event where bucket = $1::smallint and id = $2::uuid and processed_at is null',
      key,
    );
    if (event) {
      const result = await this.lookInto(event);
      await faultPoint('payments.webhook-recorded');
      await this.database.query(
        'update payments.gateway_event set processed_at = now(), result = $3 where bucket = $1::smallint and id = $2::uuid',
        [...key, result],
      );
      await faultPoint('payments.webhook-processed');
    }
    await finish();
  }

  private async lookInto({ gateway: name, type, object_id: objectId, intent_id: intentId }: InboxRow): Promise<Result> {
    if (!/^(payment_intent|charge|refund)\./.test(type)) return 'ignored';
    // What was refunded is kept here until refunds are made by us.
    if (/^refund\.|^charge\.refund/.test(type)) return 'refund';
    const gateway = this.gateways.named(name);
    if (intentId) {
      const intent = await gateway.intent(intentId);
      return intent ? this.record(name, intent) : 'gone';
    }
    // A charge of the old kind, without an intent, cannot be ours.
    const charge = type === 'charge.succeeded' && objectId ? await gateway.charge(objectId) : null;
    if (!charge) return 'ignored';
    await this.strays.record(name, charge, 'no_payment');
    return 'stray';
  }

  private async record(gateway: string, intent: Intent): Promise<Result> {
    const outcome = outcomeOf(intent);
    if (!outcome) return 'not settled';
    const payment = isId(intent.paymentId) ? await this.payments.find(intent.paymentId as PaymentId) : { status: 'absent' as const };
    if (isUnasked(payment)) return this.stray(gateway, intent, 'no_payment');
    const meta = { actor: `webhook:${gateway}`, correlationId: payment.paymentId, causeEffectiveAt: payment.requestedAt };
    try {
      await recordOutcome({ paymentId: payment.paymentId, outcome }, meta, (command) => this.executor.execute(command));
      return 'recorded';
    } catch (error) {
      if (!isForeign(error)) throw error;
      await this.stray(gateway, intent, error.code, payment.accountId);
      return `refused: ${error.code}`;
    }
  }

  private async stray(gateway: string, { intentId, customerId, state }: Intent, reason: string, accountId?: AccountId): Promise<Result> {
    if (state.status !== 'succeeded') return 'ignored';
    await this.strays.record(gateway, { objectId: intentId, customerId, amount: state.amount }, reason, accountId);
    return 'stray';
  }
}
