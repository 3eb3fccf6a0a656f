import type { AccountId, Id, TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { fromEpochMs } from '#kernel/instant.js';
import { encode } from './event-codec.js';
import type { Schedule, Unschedule } from './reaction.js';
import type { Queries, Sql, Statement } from './sql.js';

/** A command that has fallen due. */
export interface DueTimer {
  readonly timer: string;
  readonly streamId: Id;
  readonly dueAt: Instant;
  readonly accountId: AccountId | null;
  readonly clockId: TestClockId | null;
  readonly command: string;
  readonly data: object;
  readonly correlationId: string;
  readonly causationId: string;
}

/** What a decision wants of its timers, with what led to it. */
export interface TimerChange {
  readonly effect: Schedule | Unschedule;
  readonly accountId: AccountId | null;
  readonly clockId: TestClockId | null;
  readonly correlationId: string;
  readonly causationId: string;
}

interface TimerRow {
  name: string;
  stream_id: Id;
  due_at: Date;
  account_id: AccountId | null;
  clock_id: TestClockId | null;
  command: string;
  data: object;
  correlation_id: string;
  causation_id: string;
}

const COLUMNS = 'name, stream_id, due_at, account_id, clock_id, command, data, correlation_id, causation_id';

const timerFrom = (row: TimerRow): DueTimer => ({
  timer: row.name,
  streamId: row.stream_id,
  dueAt: fromEpochMs(row.due_at.getTime()),
  accountId: row.account_id,
  clockId: row.clock_id,
  command: row.command,
  data: row.data,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
});

/**
 * The timers of a bucket that are due in real time, earliest first. The rows are not locked: the reader's lease keeps
 * other workers away, and a command from outside that was faster moves the stream, which the append refuses.
 */
export async function dueTimers(sql: Sql, bucket: number, now: Instant, limit: number): Promise<DueTimer[]> {
  const rows = await sql.query<TimerRow>(
    `select ${COLUMNS} from es.timer
      where bucket = $1::smallint and clock_id is null and set_aside_at is null and due_at <= $2::timestamptz
      order by due_at, stream_id, name limit $3`,
    [bucket, now, limit],
  );
  return rows.map(timerFrom);
}

/** The timers of a test clock in a bucket that are due by a moment: for each stream the earliest one. */
export async function dueOnClock(sql: Sql, bucket: number, clockId: TestClockId, upTo: Instant): Promise<DueTimer[]> {
  const rows = await sql.query<TimerRow>(
    `select distinct on (stream_id) ${COLUMNS} from es.timer
      where bucket = $1::smallint and clock_id = $2::uuid and set_aside_at is null and due_at <= $3::timestamptz
      order by stream_id, due_at, name`,
    [bucket, clockId, upTo],
  );
  return rows.map(timerFrom).sort(byDueTime);
}

type InTime = Pick<DueTimer, 'dueAt' | 'streamId' | 'timer'>;

/** The order in which timers fire, also those of one moment. */
export function byDueTime(a: InTime, b: InTime): number {
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? -1 : 1;
  return a.streamId < b.streamId ? -1 : a.streamId > b.streamId ? 1 : a.timer < b.timer ? -1 : 1;
}

/**
 * The timer rows after a batch: what was scheduled is written, what was cancelled or has fired is gone. Cancelling a
 * timer that is not there is nothing. The last word on a timer counts.
 */
export function timerStatements(bucket: number, fired: readonly DueTimer[], changes: readonly TimerChange[]): Statement[] {
  const wanted = new Map<string, TimerChange>();
  for (const change of changes) wanted.set(`${change.effect.streamId}/${change.effect.timer}`, change);
  const scheduled = [...wanted.values()].flatMap((change) =>
    change.effect.effect === 'schedule' ? [{ ...change, effect: change.effect }] : [],
  );
  const gone = [
    ...fired.filter(({ streamId, timer }) => !wanted.has(`${streamId}/${timer}`)),
    ...[...wanted.values()].flatMap(({ effect }) => (effect.effect === 'unschedule' ? [effect] : [])),
  ];
  return [...upsert(bucket, scheduled), ...removal(bucket, gone)];
}

function upsert(bucket: number, scheduled: readonly (TimerChange & { effect: Schedule })[]): Statement[] {
  if (scheduled.length === 0) return [];
  const column = <T>(of: (change: TimerChange & { effect: Schedule }) => T): T[] => scheduled.map(of);
  return [
    {
      text: `insert into es.timer (bucket, name, stream_id, due_at, account_id, clock_id, command, data, correlation_id, causation_id)
             select $1::smallint, * from unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::json[], $9::text[], $10::uuid[])
             on conflict (bucket, stream_id, name) do update set due_at = excluded.due_at, account_id = excluded.account_id, clock_id = excluded.clock_id, command = excluded.command,
               data = excluded.data, correlation_id = excluded.correlation_id, causation_id = excluded.causation_id,
               set_aside_at = null, set_aside_reason = null`,
      values: [
        bucket,
        column(({ effect }) => effect.timer),
        column(({ effect }) => effect.streamId),
        column(({ effect }) => effect.dueAt),
        column(({ accountId }) => accountId),
        column(({ clockId }) => clockId),
        column(({ effect }) => effect.command.type),
        column(({ effect }) => encode(effect.command.data)),
        column(({ correlationId }) => correlationId),
        column(({ causationId }) => causationId),
      ],
    },
  ];
}

/** A fired timer is removed only as it was when it was read: one that has been set anew meanwhile stays. */
function removal(bucket: number, gone: readonly (DueTimer | Unschedule)[]): Statement[] {
  if (gone.length === 0) return [];
  return [
    {
      text: `delete from es.timer t using unnest($2::uuid[], $3::text[], $4::timestamptz[]) as g (stream_id, name, due_at)
              where t.bucket = $1::smallint and t.stream_id = g.stream_id and t.name = g.name and t.due_at = coalesce(g.due_at, t.due_at)`,
      values: [
        bucket,
        gone.map(({ streamId }) => streamId),
        gone.map(({ timer }) => timer),
        gone.map((timer) => ('dueAt' in timer ? timer.dueAt : null)),
      ],
    },
  ];
}

/**
 * Puts a timer aside whose command cannot be done, with the reason, so that it holds nothing up and can be seen. One that
 * has been set anew meanwhile stays.
 */
export function setAside(bucket: number, timers: readonly { timer: DueTimer; reason: string }[], at: Instant): Statement[] {
  if (timers.length === 0) return [];
  return [
    {
      text: `update es.timer t set set_aside_at = $2::timestamptz, set_aside_reason = g.reason
               from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::text[]) as g (stream_id, name, due_at, reason)
              where t.bucket = $1::smallint and t.stream_id = g.stream_id and t.name = g.name and t.due_at = g.due_at`,
      values: [
        bucket,
        at,
        timers.map(({ timer }) => timer.streamId),
        timers.map(({ timer }) => timer.timer),
        timers.map(({ timer }) => timer.dueAt),
        timers.map(({ reason }) => reason),
      ],
    },
  ];
}

/** A timer whose command could not be done. */
export interface SetAsideTimer {
  readonly streamId: Id;
  readonly timer: string;
  readonly dueAt: Instant;
  /** Of its command. */
  readonly data: object;
  readonly setAsideAt: Instant;
  readonly reason: string;
}

/** How many timers of these names are set aside, and those that were set aside last. */
export async function setAsideTimers(
  sql: Queries,
  names: readonly string[],
  limit: number,
): Promise<{ count: number; newest: SetAsideTimer[] }> {
  const rows = await sql.query<{
    stream_id: Id;
    name: string;
    due_at: Date;
    data: object;
    set_aside_at: Date;
    set_aside_reason: string;
    count: string;
  }>(
    `select stream_id, name, due_at, data, set_aside_at, set_aside_reason, count(*) over () as count
       from es.timer where set_aside_at is not null and name = any($1::text[]) order by set_aside_at desc, stream_id limit $2`,
    [names, limit],
  );
  const at = (date: Date) => fromEpochMs(date.getTime());
  const newest = rows.map((row) => ({
    streamId: row.stream_id,
    timer: row.name,
    dueAt: at(row.due_at),
    data: row.data,
    setAsideAt: at(row.set_aside_at),
    reason: row.set_aside_reason,
  }));
  return { count: Number(rows[0]?.count ?? 0), newest };
}
