import type { Decider } from '#event-sourcing/decider.js';
import { encode } from '#event-sourcing/event-codec.js';
import { type ReadModel, statementsFor } from '#event-sourcing/read-model.js';
import type { Id } from '#kernel/ids.js';
import type { Check } from '../check.js';
import { examined, type Finding, violation } from '../finding.js';
import { recordedEvents } from '../recorded-events.js';
import { countOf, rowsOf } from '../rows.js';
import type { Subject } from '../subject.js';

/**
 * I5. Every read model, and every kept state, is what a replay of the log from its beginning makes of it. Oracle: the replay,
 * one pass over the log for all of them, into empty copies of the tables, compared row by row. That readers skip nothing is
 * told from two sides: I4 finds those that are ahead of the log, I11 those that are behind.
 */
export const readModelsEqualReplay: Check = {
  id: 'I5',
  invariant: 'read models and kept states equal a replay',
  async *run(subject, advance) {
    yield* replayed(subject, (part) => advance(part * 0.9));
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

async function* differences({ sql }: Subject, { table, columns, tracksVersion }: ReadModel, copy: string): AsyncGenerator<Finding, number> {
  const compared = ['bucket', 'id', ...Object.keys(columns), ...(tracksVersion ? ['version'] : [])].join(', ');
  const query = `
    select bucket, id, l.id is not null as stored, r.id is not null as replayed, to_json(l) as is, to_json(r) as should
      from (select ${compared} from ${table}) l full join (select ${compared} from ${copy}) r using (bucket, id)
     where l::text is distinct from r::text${MOVED_BY_HAND[table] ?? ''}`;
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
const MOVED_BY_HAND: Readonly<Record<string, string>> = { 'es.test_clock': ' and l.target is null' };

/** The columns, not what stands in them: that may be personal. */
function differing(is: object, should: object): string[] {
  const found = is as Record<string, unknown>;
  return Object.entries(should).flatMap(([name, value]) => (JSON.stringify(found[name]) === JSON.stringify(value) ? [] : [name]));
}

interface Folded {
  readonly state: unknown;
  readonly version: number;
}

/** What decisions start from instead of reading the stream: it must be the fold of the stream. */
async function* keptStates(subject: Subject, decider: Decider, advance: (part: number) => void): AsyncGenerator<Finding> {
  let count = 0;
  let current = -1;
  let streams = new Map<Id, Folded>();
  const types = decider.events.map(({ type }) => type);
  for await (const { bucket, events } of recordedEvents(subject, types, advance)) {
    if (bucket !== current) {
      count += yield* compareKept(subject, decider, current, streams);
      current = bucket;
      streams = new Map();
    }
    for (const { event, meta } of events) {
      const before = streams.get(meta.streamId)?.state ?? decider.initialState;
      streams.set(meta.streamId, { state: decider.evolve(before, event), version: meta.version });
    }
  }
  count += yield* compareKept(subject, decider, current, streams);
  yield examined(count, `kept ${decider.category}s`);
}

/** A state of an earlier version is read on from, and I4 holds it against the log. */
async function* compareKept(
  { sql }: Subject,
  { keptState }: Decider,
  bucket: number,
  streams: ReadonlyMap<Id, Folded>,
): AsyncGenerator<Finding, number> {
  const rows = await sql.query<{ stream_id: Id; version: string; state: string }>(
    'select stream_id, version, state::text from es.stream_state where bucket = $1::smallint and fold_version = $2::smallint and stream_id = any($3::uuid[])',
    [bucket, keptState, [...streams.keys()]],
  );
  for (const row of rows) {
    const { state, version } = streams.get(row.stream_id)!;
    if (Number(row.version) !== version || row.state === encode(state as object)) continue;
    yield violation({ bucket, stream: row.stream_id, version }, 'A kept state is not the fold of its stream.');
  }
  return rows.length;
}
