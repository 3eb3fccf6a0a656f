import { bucketOf, type Id, type TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { fromEpochMs } from '#kernel/instant.js';
import type { Sql, Statement } from './sql.js';

/** The test clock that a stream lives on, and what it shows. Streams without one live in real time. */
export interface TestTime {
  readonly clockId: TestClockId;
  readonly now: Instant;
  readonly advancing: boolean;
}

interface ClockRow {
  stream_id: Id;
  clock_id: TestClockId;
  now: Date;
  target: Date | null;
}

const timeOf = (row: ClockRow): TestTime => ({
  clockId: row.clock_id,
  now: fromEpochMs(row.now.getTime()),
  advancing: row.target !== null,
});

/**
 * The test clocks of those of the streams that are on one. The clocks stand still until the transaction ends: a command
 * that was decided at one time is never written at a later one, after an advance has gone past it.
 */
export async function testTimesOf(sql: Sql, bucket: number, streamIds: readonly Id[]): Promise<Map<Id, TestTime>> {
  const rows = await sql.query<ClockRow>(
    `select m.stream_id, m.clock_id, c.now, c.target
       from es.clocked_stream m join es.test_clock c on c.bucket = get_byte(uuid_send(m.clock_id), 15) and c.id = m.clock_id
      where m.bucket = $1::smallint and m.stream_id = any($2::uuid[])
      order by c.id for share of c`,
    [bucket, streamIds],
  );
  return new Map(rows.map((row) => [row.stream_id, timeOf(row)]));
}

/** What a test clock shows, or undefined when there is none of that id. It stands still until the transaction ends. */
export async function testTime(sql: Sql, clockId: TestClockId): Promise<TestTime | undefined> {
  const [row] = await sql.query<ClockRow>(
    `select id as clock_id, now, target from es.test_clock where bucket = get_byte(uuid_send($1::uuid), 15) and id = $1::uuid for share`,
    [clockId],
  );
  return row && timeOf(row);
}

/**
 * Locks test clocks that are about to be moved by a command: commands of their accounts that are being written go first, and those
 * that come later see that it is advancing, so that nothing is ever written at a time that the clock has already left. It comes before
 * anything that may take a bucket's lock, in a second attempt too: all lock the clock and then the bucket, and never in a ring.
 */
export async function lockTestClocks(sql: Sql, clockIds: readonly TestClockId[]): Promise<void> {
  await sql.query(
    `select 1 from es.test_clock c join unnest($1::smallint[], $2::uuid[]) as k (bucket, id) on c.bucket = k.bucket and c.id = k.id
      order by c.id for update of c`,
    [clockIds.map(bucketOf), clockIds],
  );
}

/** Puts new streams on the test clocks of the commands that made them. */
export function joinClocks(bucket: number, streams: ReadonlyMap<Id, TestClockId>): Statement[] {
  if (streams.size === 0) return [];
  return [
    {
      text: `insert into es.clocked_stream (bucket, stream_id, clock_id) select $1::smallint, * from unnest($2::uuid[], $3::uuid[]) on conflict do nothing`,
      values: [bucket, [...streams.keys()], [...streams.values()]],
    },
  ];
}
