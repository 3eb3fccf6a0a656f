import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { bucketOf, type PaymentMethodId } from '#kernel/ids.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';

/** Has the gateway forget a payment method that its account has removed, unless it was added again meanwhile. */
export class DetachMethod implements JobHandler {
  readonly kind = 'payments.detach-method';
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly database: Database,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const id = job.payload.paymentMethodId as PaymentMethodId;
    const [method] = await this.database.query<{ gateway: string; method_id: string }>(
      'select gateway, method_id from payments.payment_method where bucket = $1::smallint and id = $2::uuid and not is_attached',
      [bucketOf(id), id],
    );
    if (method) await this.gateways.named(method.gateway).detachMethod(method.method_id);
    await finish();
  }
}
