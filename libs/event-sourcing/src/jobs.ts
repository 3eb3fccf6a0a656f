import type { Id, TestClockId } from '#kernel/ids.js';
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
  readonly clockId: TestClockId | null;
}

interface JobRow {
  bucket: number;
  id: Id;
  kind: string;
  payload: Record<string, string>;
  attempt: number;
  token: string;
  clock_id: TestClockId | null;
}

/** The lease has passed to another worker: what was done with it must not count. */
export class LeaseLost extends Error {
  constructor(job: ClaimedJob) {
    super(`The job ${job.id} (${job.kind}) was claimed by another worker meanwhile.`);
    this.name = 'LeaseLost';
  }
}

/** The rows of new jobs, written in the transaction of the events that ask for them. */
export function jobStatements(bucket: number, jobs: readonly PendingJob[]): Statement[] {
  if (jobs.length === 0) return [];
  return [
    {
      text: `insert into es.job (bucket, id, kind, payload, run_at, clock_id)
             select $1::smallint, u.id, u.kind, u.payload, coalesce(u.run_at, now()), u.clock_id
               from unnest($2::uuid[], $3::text[], $4::json[], $5::timestamptz[], $6::uuid[]) as u (id, kind, payload, run_at, clock_id)
             on conflict (bucket, id) do nothing`,
      values: [
        bucket,
        jobs.map(({ job }) => job.jobId),
        jobs.map(({ job }) => job.kind),
        jobs.map(({ job }) => JSON.stringify(job.payload)),
        jobs.map(({ job }) => job.runAt ?? null),
        jobs.map(({ clockId }) => clockId),
      ],
    },
  ];
}

/** The table of jobs: claimed with a lease and a fencing token, finished in the transaction of their effect. */
export class JobStore {
  constructor(private readonly database: Database) {}

  /** Claims due jobs, of one test clock or of real time, and commits the claim: no transaction spans outside work. */
  async claim(options: { worker: string; leaseMs: number; limit: number; clockId?: TestClockId }): Promise<ClaimedJob[]> {
    const rows = await this.database.query<JobRow>(
      `with due as (
         select bucket, id from es.job
          where ((state = 'pending' and run_at <= now()) or (state = 'leased' and lease_until < now()))
            and ($4::uuid is null or clock_id = $4::uuid)
          order by run_at, id limit $3 for update skip locked)
       update es.job j set state = 'leased', attempt = j.attempt + 1, token = j.token + 1, leased_by = $1, lease_until = now() + $2 * interval '1 millisecond'
         from due where j.bucket = due.bucket and j.id = due.id
       returning j.bucket, j.id, j.kind, j.payload, j.attempt, j.token, j.clock_id`,
      [options.worker, options.leaseMs, options.limit, options.clockId ?? null],
    );
    return rows.map((row) => ({ ...row, clockId: row.clock_id }));
  }

  /** Claims one job, if it is due: what the doorbell asks for. */
  async claimOne(bucket: number, id: Id, worker: string, leaseMs: number): Promise<ClaimedJob | null> {
    const [row] = await this.database.query<JobRow>(
      `update es.job set state = 'leased', attempt = attempt + 1, token = token + 1, leased_by = $3, lease_until = now() + $4 * interval '1 millisecond'
        where bucket = $1::smallint and id = $2::uuid
          and ((state = 'pending' and run_at <= now()) or (state = 'leased' and lease_until < now()))
       returning bucket, id, kind, payload, attempt, token, clock_id`,
      [bucket, id, worker, leaseMs],
    );
    return row ? { ...row, clockId: row.clock_id } : null;
  }

  /** Removes the job together with its effect; throws `LeaseLost`, which must roll the effect back, when the lease is gone. */
  async finish(sql: Sql, job: ClaimedJob): Promise<void> {
    const gone = await sql.query(`delete from es.job where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased' returning id`, [
      job.bucket,
      job.id,
      job.token,
    ]);
    if (gone.length === 0) throw new LeaseLost(job);
  }

  /** Gives the job back, to be tried again after a while. Nothing happens when the lease is gone. */
  async retryLater(job: ClaimedJob, delayMs: number, reason: string): Promise<void> {
    await this.database.query(
      `update es.job set state = 'pending', run_at = now() + $4 * interval '1 millisecond', last_error = $5, leased_by = null, lease_until = null
        where bucket = $1::smallint and id = $2::uuid and token = $3::bigint and state = 'leased'`,
      [job.bucket, job.id, job.token, delayMs, reason],
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
