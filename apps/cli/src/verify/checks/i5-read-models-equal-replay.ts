import type { Decider } from '#event-sourcing/decider.js';
import { encode } from '#event-sourcing/event-codec.js';
import { type ReadModel, statementsFor } from '#event-sourcing/read-model.js';
import type { Id } from '#kernel/ids.js';
import type { Check } from '../check.js';
import { examined, type Finding, violation } from '../finding.js';
import { recordedEvents } from '../recorded-events.js';
import { countOf, rowsOf, violationsIn } from '../rows.js';
import type { Subject } from '../subject.js';

/**
 * I5. Every read model, and every kept state, is what a replay of the log from its beginning makes of it, and no reader
 * claims to have read what was never written. Oracle: the replay, into empty copies of the tables, compared row by row.
 */
export const readModelsEqualReplay: Check = {
  id: 'I5',
  invariant: 'read models equal a replay, and readers skipped nothing',
  async *run(subject, advance) {
    yield* violationsIn(subject.sql, READ_AHEAD);
    yield* replayed(subject, (part) => advance(part * 0.9));
    yield* violationsIn(subject.sql, KEPT_BEHIND);
    const kept = subject.vocabulary.declared().flatMap(({ deciders = [] }) => deciders.filter(({ keptState }) => keptState !== undefined));
    for (const decider of kept) yield* keptStates(subject, decider, (part) => advance(0.9 + part * 0.1));
  },
};

async function* replayed(subject: Subject, advance: (part: number) => void): AsyncGenerator<Finding> {
  const { sql, vocabulary } = subject;
  const copies = vocabulary.readModels.map((model, index) => ({ model, copy: `replay_${index}` }));
  for (const { model, copy } of copies) {
    await sql.query(`create temp table ${copy} (like ${model.table} including defaults) on commit drop`);
    await sql.query(`alter table ${copy} add primary key (bucket, id)`);
  }
  const types = [...new Set(vocabulary.readModels.flatMap(({ hears }) => hears))];
  for await (const { bucket, events } of recordedEvents(subject, types, advance)) {
    for (const { model, copy } of copies) {
      const heard = events.filter(({ event }) => model.hears.includes(event.type));
      if (heard.length === 0) continue;
      for (const statement of statementsFor(model, bucket, heard, copy)) await sql.run(statement);
    }
  }
  let count = 0;
  for (const { model, copy } of copies) {
    await sql.query(`analyze ${copy}`);
    count += yield* differences(subject, model, copy);
  }
  yield examined(count, `rows of ${copies.length} read models`);
}

async function* differences({ sql }: Subject, { table }: ReadModel, copy: string): AsyncGenerator<Finding, number> {
  const query = `
    select bucket, id, l.id is not null as stored, r.id is not null as replayed, to_json(l) as is, to_json(r) as should
      from ${table} l full join ${copy} r using (bucket, id)
     where l::text is distinct from r::text ${MOVED_BY_HAND[table] ?? ''}`;
  for await (const row of rowsOf<{ bucket: number; id: string; stored: boolean; replayed: boolean; is: object; should: object }>(
    sql,
    query,
  )) {
    const where = { table, bucket: row.bucket, id: row.id };
    if (!row.replayed) yield violation(where, 'A row follows from no event.');
    else if (!row.stored) yield violation(where, 'A row that follows from the events is missing.');
    else yield violation(where, `A row differs from its replay: ${differing(row.is, row.should).join('; ')}.`);
  }
  return countOf(sql, `select count(*) from ${table}`);
}

/** Rows that are more than their events for a while: a clock on its way is moved by whoever holds it. */
const MOVED_BY_HAND: Readonly<Record<string, string>> = { 'es.test_clock': 'and l.target is null' };

/** The columns, not what stands in them: that may be personal. */
function differing(is: object, should: object): string[] {
  const found = is as Record<string, unknown>;
  return Object.entries(should).flatMap(([name, value]) => (JSON.stringify(found[name]) === JSON.stringify(value) ? [] : [name]));
}

/** What decisions start from instead of reading the stream: it must be the fold of the stream. */
async function* keptStates(subject: Subject, decider: Decider, advance: (part: number) => void): AsyncGenerator<Finding> {
  let count = 0;
  let folding = { bucket: -1, states: new Map<Id, unknown>() };
  const types = decider.events.map(({ type }) => type);
  for await (const { bucket, events } of recordedEvents(subject, types, advance)) {
    if (bucket !== folding.bucket) {
      count += yield* compareKept(subject, decider, folding.bucket, folding.states);
      folding = { bucket, states: new Map() };
    }
    for (const { event, meta } of events)
      folding.states.set(meta.streamId, decider.evolve(folding.states.get(meta.streamId) ?? decider.initialState, event));
  }
  count += yield* compareKept(subject, decider, folding.bucket, folding.states);
  yield examined(count, `kept ${decider.category}s`);
}

async function* compareKept(
  { sql }: Subject,
  { keptState }: Decider,
  bucket: number,
  states: ReadonlyMap<Id, unknown>,
): AsyncGenerator<Finding, number> {
  const rows = await sql.query<{ stream_id: Id; state: string }>(
    'select stream_id, state::text from es.stream_state where bucket = $1::smallint and fold_version = $2::smallint and stream_id = any($3::uuid[])',
    [bucket, keptState, [...states.keys()]],
  );
  for (const { stream_id, state } of rows) {
    if (state !== encode(states.get(stream_id) as object))
      yield violation({ bucket, stream: stream_id }, 'A kept state is not the fold of its stream.');
  }
  return rows.length;
}

const READ_AHEAD = `
  select c.bucket, c.reader, format('A reader stands at position %s, and the last that was written is %s.', c.pos, coalesce(e.last, 0)) as says
    from es.checkpoint c left join (select bucket, max(pos) as last from es.event group by bucket) e using (bucket)
   where c.pos > coalesce(e.last, 0)`;

const KEPT_BEHIND = `
  select s.bucket, s.stream_id as stream, format('A kept state is of version %s, and its stream is at %s.', s.version, coalesce(e.version, 0)) as says
    from es.stream_state s
    left join lateral (select version, hash from es.event where bucket = s.bucket and stream_id = s.stream_id order by version desc limit 1) e on true
   where s.version is distinct from e.version or s.hash is distinct from e.hash`;
