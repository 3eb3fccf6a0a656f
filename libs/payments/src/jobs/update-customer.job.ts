import type { AccountContacts } from '#accounts/contract.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { GatewayCustomerMissing } from '../gateways/payment-gateway.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';

/** Tells the gateways who an account's customers are: whatever is true when it runs, so that order and repetition do not matter. */
export class UpdateCustomer implements JobHandler {
  readonly kind = 'payments.update-customer';
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly contacts: AccountContacts,
    private readonly database: Database,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    const accountId = job.payload.accountId as AccountId;
    const contact = await this.contacts.find(accountId);
    const customers = await this.database.query<{ gateway: string; customer_id: string }>(
      `select distinct gateway, customer_id from payments.payment_method
        where bucket = $1::smallint and account_id = $2::uuid and is_attached`,
      [bucketOf(accountId), accountId],
    );
    if (contact) for (const { gateway, customer_id } of customers) await this.update(gateway, customer_id, contact);
    await finish();
  }

  private async update(gateway: string, customerId: string, contact: { email: string; name: string }): Promise<void> {
    try {
      await this.gateways.named(gateway).updateCustomer(customerId, contact);
    } catch (error) {
      // Deleted there: the next method makes a new one, and brings it up to date.
      if (!(error instanceof GatewayCustomerMissing)) throw error;
    }
  }
}
