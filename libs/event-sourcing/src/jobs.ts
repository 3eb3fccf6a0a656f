import type { AccountId, Id, TestClockId } from '#kernel/ids.js';
import type { RungJob } from './doorbell.js';
import type { PendingJob } from './settlement.js';
import type { Database, Sql, Statement } from './sql.js';

/** A job as a worker holds it. The token fences: whoever claims the job later makes this holder's finish void. */
export interface ClaimedJob {
  readonly bucket: number;
  readonly id: Id;
  readonly kind: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly token: string;
  readonly accountId: AccountId | null;
  readonly clockId: TestClockId | null;
}

export interface Claim {
  readonly worker: string;
  readonly leaseMs: number;
  /** What the worker can run, any kind when absent: a job of another kind waits for a worker of another version. */
  readonly kinds?: readonly string[];
}

interface JobRow {
  bucket: number;
  id: Id;
  kind: string;
  payload: Record<string, string>;
  attempt: number;
  token: string;
  account_id: AccountId | null;
  clock_id: TestClockId | null;
}

const COLUMNS = 'bucket, id, kind, payload, attempt, token, account_id, clock_id';
/** To be run now: its time has come, or whoever held it has not been heard of for the length of the lease. */
const DUE = `((state = 'pending' and run_at <= now()) or (state = 'leased' and lease_until < now()))`;

/** Parameters: 1 the worker, 2 the length of the lease in milliseconds. */
const CLAIMED = `state = 'leased', attempt = j.attempt + 1, token = j.token + 1, leased_by = $1, lease_until = now() + $2 * interval '1 millisecond'`;

const jobFrom = ({ account_id, clock_id, ...row }: JobRow): ClaimedJob => ({ ...row, accountId: account_id, clockId: clock_id });

/** The lease has passed to another worker: what was done with it must not count. */
export class LeaseLost extends Error {
  constructor(job: ClaimedJob) {
    super(`The job ${job.id} (${job.kind}) was claimed by another worker meanwhile.`);
    this.name = 'LeaseLost';
  }
}

/**
 * The rows of new jobs, written in the transaction of the events that ask for them. One that may run at once counts as
 * rung, since the doorbell is rung for it after the commit; if that is lost, the sweeper rings again.
 */
export function jobStatements(bucket: number, jobs: readonly PendingJob[]): Statement[] {
  if (jobs.length === 0) return [];
  return [
    {
      text: `insert into es.job (bucket, id, kind, payload, run_at, rung_at, account_id, clock_id)
             select $1::smallint, u.id, u.kind, u.payload, coalesce(u.run_at, now()), case when u.run_at is null then now() end, u.account_id, u.clock_id
               from unnest($2::uuid[], $3::text[], $4::json[], $5::timestamptz[], $6::uuid[], $7::uuid[]) as u (id, kind, payload, run_at, account_id, clock_id)
             on conflict (bucket, id) do nothing`,
      values: [
        bucket,
        jobs.map(({ job }) => job.jobId),
        jobs.map(({ job }) => job.kind),
        jobs.map(({ job }) => JSON.stringify(job.payload)),
        jobs.map(({ job }) => job.runAt ?? null),
        jobs.map(({ accountId }) => accountId),
        jobs.map(({ clockId }) => clockId),
      ],
    },
  ];
}

/** Those of new jobs that may run at once: what to ring the doorbell for once they are committed. */
export function rungAtOnce(bucket: number, jobs: readonly PendingJob[]): RungJob[] {
  return jobs.flatMap(({ job }) => (job.runAt === undefined ? [{ bucket, id: job.jobId, kind: job.kind, epoch: 0 }] : []));
}

/** The table of jobs: claimed with a lease and a fencing token, finished in the transaction of their effect. */
export class JobStore {
  constructor(private readonly database: Database) {}

  /**
   * Claims due jobs, of one test clock or of real time, and commits the claim: no transaction spans outside work. With
   * `overdueMs` only those that have been due for so long.
   */
  async claim(options: Claim & { limit: number; clockId?: TestClockId; overdueMs?: number }): Promise<ClaimedJob[]> {
    const rows = await this.database.query<JobRow>(
      `with due as (
         select bucket, id from es.job
          where ${DUE} and ($5::text[] is null or kind = any($5::text[])) and ($4::uuid is null or clock_id = $4::uuid)
            and case state when 'pending' then run_at else lease_until end <= now() - $6 * interval '1 millisecond'
          order by run_at, id limit $3 for update skip locked)
       update es.job j set ${CLAIMED}
         from due where j.bucket = due.bucket and j.id = due.id
       returning j.bucket, j.id, j.kind, j.payload, j.attempt, j.token, j.account_id, j.clock_id`,
      [options.worker, options.leaseMs, options.limit, options.clockId ?? null, options.kinds ?? null, options.overdueMs ?? 0],
    );
    return rows.map(jobFrom);
  }

  /** Claims one job, if it is due: what the doorbell asks for. */
  async claimOne(bucket: number, id: Id, { worker, leaseMs, kinds }: Claim): Promise<ClaimedJob | null> {
    const [row] = await this.database.query<JobRow>(
      `update es.job j set ${CLAIMED}
        where bucket = $3::smallint and id = $4::uuid and ($5::text[] is null or kind = any($5::text[])) and ${DUE}
       returning ${COLUMNS}`,
      [worker, leaseMs, bucket, id, kinds ?? null],
    );
    return row ? jobFrom(row) : null;
  }

  /** Claims the pending job of these kinds that has been due longest: along the index of what is due, so that a backlog of them is not sorted. */
  async claimNext({ worker, leaseMs, kinds }: Claim & { kinds: readonly string[] }): Promise<ClaimedJob | null> {
    const [row] = await this.database.query<JobRow>(
      `update es.job j set ${CLAIMED}
        where (bucket, id) = (select bucket, id from es.job where state = 'pending' and run_at <= now() and kind = any($3::text[])
                               order by run_at limit 1 for update skip locked)
       returning ${COLUMNS}`,
      [worker, leaseMs, kinds],
    );
    return row ? jobFrom(row) : null;
  }

  /**
   * Marks jobs that are due and for which nobody has rung for a while as rung, and answers them: the caller rings. Each
   * ring has an epoch of its own, since Bull takes no job under a name that it still holds, even of one that it lost.
   */
  async unheard(options: { kinds: readonly string[]; quietMs: number; limit: number }): Promise<RungJob[]> {
    return this.database.query<RungJob>(
      `with due as (
         select bucket, id from es.job
          where ${DUE} and kind = any($1::text[]) and (rung_at is null or rung_at < now() - $2 * interval '1 millisecond')
          order by run_at, id limit $3 for update skip locked)
       update es.job j set rung_at = now(), epoch = j.epoch + 1 from due where j.bucket = due.bucket and j.id = due.id
       returning j.bucket, j.id, j.kind, j.epoch`,
      [options.kinds, options.quietMs, options.limit],
    );
  }

  /** Removes the job together with its effect; throws `LeaseLost`, which must roll the effect back, when the lease is gone. */
  async finish(sql: Sql, job: ClaimedJob): Promise<void> {
    const gone = await sql.query(
      `delete from es.job where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased' returning id`,
      [job.bucket, job.id, job.token],
    );
    if (gone.length === 0) throw new LeaseLost(job);
  }

  /** Gives the job back, to be tried again after a while. Nothing happens when the lease is gone. */
  async retryLater(job: ClaimedJob, delayMs: number, reason: string): Promise<void> {
    await this.database.query(
      `update es.job set state = 'pending', run_at = now() + $4 * interval '1 millisecond', rung_at = null, last_error = $5, leased_by = null, lease_until = null
        where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased'`,
      [job.bucket, job.id, job.token, delayMs, reason],
    );
  }

  /** Gives jobs back at once, for others to take; whoever still works on one of them can no longer finish it. */
  async release(jobs: readonly ClaimedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.database.query(
      `update es.job j set state = 'pending', token = j.token + 1, rung_at = null, leased_by = null, lease_until = null
         from unnest($1::smallint[], $2::uuid[], $3::bigint[]) as held (bucket, id, token)
        where j.bucket = held.bucket and j.id = held.id and j.token = held.token and j.state = 'leased'`,
      [jobs.map(({ bucket }) => bucket), jobs.map(({ id }) => id), jobs.map(({ token }) => token)],
    );
  }

  /** Puts a job aside that cannot succeed, for a person to look at. */
  async bury(job: ClaimedJob, reason: string): Promise<void> {
    await this.database.query(
      `update es.job set state = 'dead', last_error = $4, leased_by = null, lease_until = null
        where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased'`,
      [job.bucket, job.id, job.token, reason],
    );
  }

  /** Extends the lease of a job that is still being worked on; false when it is gone. */
  async heartbeat(job: ClaimedJob, leaseMs: number): Promise<boolean> {
    const kept = await this.database.query(
      `update es.job set lease_until = now() + $4 * interval '1 millisecond'
        where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased' returning id`,
      [job.bucket, job.id, job.token, leaseMs],
    );
    return kept.length > 0;
  }
}
