import type { Check } from '../check.js';
import { examined } from '../finding.js';
import { countOf, violationsIn } from '../rows.js';
import type { Subject } from '../subject.js';

/** A job's lease lasts a minute from the last sign of life, a test clock's five seconds. */
const LEASE_SECONDS = { job: 60, clock: 5 };
const LONGEST_WAIT = `interval '60 seconds'`;

/**
 * I11. No lease is older than twice its length, and nothing that is due waits for more than a minute: jobs, timers, readers
 * of the log, test clocks on their way. Nor is anything set aside for a person. Oracle: the clock alone.
 */
export const nothingWaits: Check = {
  id: 'I11',
  invariant: 'no lease is forgotten, and nothing due waits for more than a minute',
  async *run(subject) {
    for (const table of ['job', 'timer', 'checkpoint'])
      yield examined(await countOf(subject.sql, `select count(*) from es.${table}`), `${table}s`);
    for (const query of queries(subject)) yield* violationsIn(subject.sql, query);
  },
};

const queries = ({ asOf }: Subject): string[] => {
  const now = `timestamptz '${asOf}'`;
  return [
    `select bucket, id as job, kind, format('A lease that ended at %s was never taken over.', lease_until) as says
       from es.job where state = 'leased' and lease_until < ${now} - interval '${LEASE_SECONDS.job} seconds'`,
    `select bucket, id as job, kind, format('A job has been due since %s; its last error: %s', run_at, coalesce(last_error, 'none')) as says
       from es.job where state = 'pending' and run_at < ${now} - ${LONGEST_WAIT}`,
    `select bucket, id as job, kind, format('A job was given up: %s', last_error) as says from es.job where state = 'dead'`,
    `select bucket, stream_id as stream, name as timer, format('A timer has been due since %s.', due_at) as says
       from es.timer where clock_id is null and set_aside_at is null and due_at < ${now} - ${LONGEST_WAIT}`,
    `select t.bucket, t.stream_id as stream, t.name as timer, t.clock_id as clock, format('A timer of %s was passed over by its test clock, which shows %s.', t.due_at, c.now) as says
       from es.timer t join es.test_clock c on c.bucket = get_byte(uuid_send(t.clock_id), 15) and c.id = t.clock_id
      where t.set_aside_at is null and c.target is null and t.due_at < c.now`,
    `select bucket, stream_id as stream, name as timer, format('A timer was set aside at %s: %s', set_aside_at, set_aside_reason) as says
       from es.timer where set_aside_at is not null`,
    `select bucket, reader, format('A reader has stood still at position %s since %s: %s', pos + 1, updated_at, last_error) as says from es.checkpoint where failures > 0`,
    `select c.bucket, c.reader, format('A reader has not read on from position %s, which was written at %s.', c.pos + 1, e.recorded_at) as says
       from (select distinct reader from es.checkpoint where reader <> 'timers') r
       cross join es.bucket b
       cross join lateral (select b.bucket, r.reader, coalesce((select pos from es.checkpoint k where k.bucket = b.bucket and k.reader = r.reader and k.failures = 0), 0) as pos) c
       join es.event e on e.bucket = c.bucket and e.pos = c.pos + 1
      where e.recorded_at < ${now} - ${LONGEST_WAIT}
        and not exists (select 1 from es.checkpoint k where k.bucket = c.bucket and k.reader = c.reader and k.failures > 0)`,
    `select bucket, id as clock, format('A test clock on its way to %s has been left at %s.', target, now) as says
       from es.test_clock where target is not null and lease_until < ${now} - interval '${2 * LEASE_SECONDS.clock} seconds'`,
  ];
};
