import { setTimeout as pause } from 'node:timers/promises';
import type { BreakablePostgres } from './breakable-postgres.js';

/** Waits until nothing is left to be done; answers what still is when that takes too long, in words, and else an empty text. */
export async function restOf(postgres: BreakablePostgres, withinMs: number): Promise<string> {
  for (const endMs = performance.now() + withinMs; ; await pause(100)) {
    const left = await stillToDo(postgres);
    if (left === '' || performance.now() > endMs) return left;
  }
}

/** What is planned for later and was never begun can wait. */
async function stillToDo(postgres: BreakablePostgres): Promise<string> {
  const [row] = await postgres.query<{ jobs: string | null; behind: string; clocks: string }>(
    `select (select string_agg(concat_ws(' ', kind, state, 'attempt', attempt, last_error), '; ')
               from es.job where state <> 'dead' and (attempt > 0 or run_at <= now())) as jobs,
            (select count(*) from (select bucket, max(pos) as last from es.event group by bucket) e
               left join es.checkpoint c on c.bucket = e.bucket and c.reader = 'relay' where coalesce(c.pos, 0) < e.last) as behind,
            (select count(*) from es.test_clock where target is not null) as clocks`,
  );
  const { jobs, behind, clocks } = row!;
  if (jobs === null && behind === '0' && clocks === '0') return '';
  return `jobs (${jobs ?? 'none'}), ${behind} buckets to read, ${clocks} test clocks on their way`;
}
