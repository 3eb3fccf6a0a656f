import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { RUN_REFUSED } from '../account-hold/admit-run.js';

const REASON = 'account_parked';

const OF_ACCOUNT = `t.bucket = $1::smallint and (
  t.data->>'accountId' = $2
  or t.stream_id in (select id from payments.billed_stream where bucket = $1::smallint and account_id = $2::uuid
                     union all select id from payments.collectible_invoice where bucket = $1::smallint and account_id = $2::uuid
                     union all select id from payments.payment_details where bucket = $1::smallint and account_id = $2::uuid))`;

/**
 * Sets the timers of a parked account aside, and puts those back of one that was released: whichever the account is now, so
 * that neither the order of the jobs nor a repetition matters. Those that were set later stay until they are due: then their
 * run is refused (`AdmitRun`), and they are set aside with its words.
 */
export class HoldTimers implements JobHandler {
  readonly kind = 'payments.hold-timers';

  constructor(private readonly database: Database) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    await this.apply(job.payload.accountId as AccountId);
    await finish();
  }

  private async apply(accountId: AccountId): Promise<void> {
    const bucket = bucketOf(accountId);
    await this.database.transaction(async (sql) => {
      const [payer] = await sql.query<{ is_parked: boolean }>(
        'select is_parked from payments.payer where bucket = $1::smallint and id = $2::uuid for update',
        [bucket, accountId],
      );
      const change = payer?.is_parked
        ? `update es.timer t set set_aside_at = now(), set_aside_reason = '${REASON}' where t.set_aside_at is null and ${OF_ACCOUNT}`
        : `update es.timer t set set_aside_at = null, set_aside_reason = null where t.set_aside_reason in ('${REASON}', '${RUN_REFUSED}') and ${OF_ACCOUNT}`;
      await sql.query(change, [bucket, accountId]);
    });
  }
}
