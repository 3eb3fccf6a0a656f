import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';

/** Erases the customers of an account at the gateways that keep them, those of removed payment methods too. */
export class DeleteCustomers implements JobHandler {
  readonly kind = 'payments.delete-customers';
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly database: Database,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const accountId = job.payload.accountId as AccountId;
    const customers = await this.database.query<{ gateway: string; customer_id: string }>(
      'select distinct gateway, customer_id from payments.payment_method where bucket = $1::smallint and account_id = $2::uuid',
      [bucketOf(accountId), accountId],
    );
    for (const { gateway, customer_id } of customers) await this.gateways.named(gateway).deleteCustomer(customer_id);
    await finish();
  }
}
