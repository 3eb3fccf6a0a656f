import type { Check } from '../check.js';
import { examined, type Finding, notChecked, violation } from '../finding.js';
import { linesOf } from '../json-lines.js';
import { countOf, violationsIn } from '../rows.js';
import type { Subject } from '../subject.js';

/** Where the engine keeps text, in rows `t` that are known by their bucket and one more column. */
const TEXTS = [
  { table: 'es.event', id: 'pos', what: 'event', text: `t.payload::text || t.actor || t.correlation_id || coalesce(t.origin::text, '')` },
  { table: 'es.job', id: 'id', what: 'job', text: `t.payload::text || coalesce(t.last_error, '')` },
  { table: 'es.timer', id: 'stream_id', what: 'timer', text: `t.data::text || coalesce(t.set_aside_reason, '')` },
  { table: 'es.command', id: 'key', what: 'answer', text: `t.key || coalesce(t.answer::text, '')` },
  { table: 'es.checkpoint', id: 'reader', what: 'reader', text: `coalesce(t.last_error, '')` },
  { table: 'es.stream_state', id: 'stream_id', what: 'kept state', text: 't.state::text' },
] as const;

/**
 * I13. No personal data and no secret stands in plain where it would outlive an erasure or be read by the wrong people: in
 * events, jobs, timers, kept answers, logs. Oracle: canaries, texts that a test has put in as names, addresses and secrets
 * and that can come from nowhere else, looked for as they are and as JSON writes them.
 */
export const noPersonalData: Check = {
  id: 'I13',
  invariant: 'no personal data or secret stands in plain in events, jobs, answers or logs',
  async *run(subject, advance) {
    const { sql, canaries, logs } = subject;
    if (canaries.length === 0) {
      yield notChecked('canaries', 'needs --canary TEXT: what must not be found');
      return;
    }
    await sql.query('create temp table canary (text text, written text) on commit drop');
    await sql.query('insert into canary select * from unnest($1::text[], $2::text[])', [
      canaries,
      canaries.map((text) => JSON.stringify(text).slice(1, -1)),
    ]);
    for (const [index, { table, id, what, text }] of TEXTS.entries()) {
      yield* violationsIn(
        sql,
        `
        select t.bucket, t.${id} as "${what}", format('The canary "%s…" stands in ${table}.', left(c.text, 4)) as says
          from ${table} t join canary c on strpos(${text}, c.written) > 0`,
      );
      yield examined(await countOf(sql, `select count(*) from ${table}`), `rows of ${table}`);
      advance((index + 1) / TEXTS.length);
    }
    yield* inLogs(subject);
    if (logs.length === 0) yield notChecked('logs', 'needs --log FILE');
    yield notChecked('Redis', 'not built yet: nothing is kept there');
  },
};

async function* inLogs({ canaries, logs }: Subject): AsyncGenerator<Finding> {
  const wanted = canaries.map((text) => ({ text, written: JSON.stringify(text).slice(1, -1) }));
  for (const file of logs) {
    let count = 0;
    for await (const { number, text } of linesOf(file)) {
      count += 1;
      for (const canary of wanted) {
        if (text.includes(canary.text) || text.includes(canary.written)) {
          yield violation({ file, line: number }, `The canary "${canary.text.slice(0, 4)}…" stands in a log.`);
        }
      }
    }
    yield examined(count, `lines of ${file}`);
  }
}
