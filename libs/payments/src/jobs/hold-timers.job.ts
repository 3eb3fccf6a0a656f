import type { AccountTimers } from '#event-sourcing/account-timers.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { RUN_REFUSED } from '../account-hold/admit-run.js';

const REASON = 'account_parked';

/**
 * Sets the billing timers of a parked account aside, and puts those back of one that was released: whichever the account is now, so
 * that neither the order of the jobs nor a repetition matters. Those that were set later stay until they are due: then their
 * run is refused (`AdmitRun`), and they are set aside with its words.
 */
export class HoldTimers implements JobHandler {
  readonly kind = 'payments.hold-timers';

  constructor(
    private readonly database: Database,
    private readonly timers: AccountTimers,
  ) {}

  async run(job: ClaimedJob, finish: FinishJob): Promise<void> {
    await this.apply(job.payload.accountId as AccountId);
    await finish();
  }

  private async apply(accountId: AccountId): Promise<void> {
    await this.database.transaction(async (sql) => {
      const [payer] = await sql.query<{ is_parked: boolean }>(
        'select is_parked from payments.payer where bucket = $1::smallint and id = $2::uuid for update',
        [bucketOf(accountId), accountId],
      );
      if (payer?.is_parked) await this.timers.hold(sql, accountId, REASON);
      else await this.timers.putBack(sql, accountId, [REASON, RUN_REFUSED]);
    });
  }
}
