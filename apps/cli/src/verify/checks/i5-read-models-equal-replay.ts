import type { Decider } from '#event-sourcing/decider.js';
import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import { encode } from '#event-sourcing/event-codec.js';
import type { EventStore } from '#event-sourcing/event-store.js';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { type Deviation, ReplayedBucket } from '#event-sourcing/replayed-bucket.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Id } from '#kernel/ids.js';
import type { Check } from '../check.js';
import { examined, type Finding, type Violation, violation } from '../finding.js';
import { recordedEvents } from '../recorded-events.js';
import { countOf, rowsOf } from '../rows.js';

/**
 * I5. Every read model, and every kept state, is what a replay of the log from its beginning makes of it. Oracle: the replay,
 * one pass over the log for all of them, compared row by row. That readers skip nothing is told from two sides: I4 finds
 * those that are ahead of the log, I11 those that are behind.
 */
export const readModelsEqualReplay: Check = {
  id: 'I5',
  invariant: 'read models and kept states equal a replay',
  async *run(subject, advance) {
    const { sql, vocabulary, store } = subject;
    const { readModels } = vocabulary;
    const states = vocabulary
      .declared()
      .flatMap(({ deciders = [] }) => deciders.filter(({ keptState }) => keptState !== undefined))
      .map((decider) => new KeptStates(decider, store));
    const types = [...readModels.flatMap(({ hears }) => hears), ...states.flatMap((kept) => kept.types)];
    const replayed: number[] = [];
    let current: ReplayedBucket | undefined;
    for await (const { bucket, events } of recordedEvents(subject, [...new Set(types)], advance)) {
      if (current?.bucket !== bucket) {
        if (current) yield* differences(sql, current, states);
        current = new ReplayedBucket(sql, bucket, readModels);
        replayed.push(bucket);
      }
      await current.hear(events);
      for (const kept of states) kept.hear(events);
    }
    if (current) yield* differences(sql, current, states);
    let rows = 0;
    for (const model of readModels) {
      yield* rowsElsewhere(sql, model, replayed);
      rows += await countOf(sql, `select count(*) from ${model.table}`);
    }
    yield examined(rows, `rows of ${readModels.length} read models`);
    for (const { decider, compared } of states) yield examined(compared, `kept ${decider.category}s`);
  },
};

async function* differences(sql: Sql, replayed: ReplayedBucket, states: readonly KeptStates[]): AsyncGenerator<Finding> {
  for (const deviation of await replayed.deviations()) {
    if (!isMovedByHand(deviation)) yield violationOf(deviation);
  }
  for (const kept of states) yield* kept.compare(sql, replayed.bucket);
}

/** A clock on its way is more than its events for a while: it is moved by whoever holds it. */
function isMovedByHand({ table, stored }: Deviation): boolean {
  return table === 'es.test_clock' && stored !== null && stored.target !== null;
}

function violationOf({ table, bucket, id, stored, replayed }: Deviation): Violation {
  const where = { table, bucket, id };
  if (!replayed) return violation(where, SURPLUS);
  if (!stored) return violation(where, 'A row that follows from the events is missing.');
  // The columns, not what stands in them: that may be personal.
  const names = Object.keys(replayed).filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(replayed[name]));
  return violation(where, `A row differs from its replay: ${names.join('; ')}.`);
}

const SURPLUS = 'A row follows from no event.';

/** Rows in buckets that have no events to replay. */
async function* rowsElsewhere(sql: Sql, { table }: ReadModel, replayed: readonly number[]): AsyncGenerator<Finding> {
  const query = `select bucket, id from ${table} where bucket <> all ('{${replayed.join(',')}}'::smallint[])`;
  for await (const { bucket, id } of rowsOf<{ bucket: number; id: string }>(sql, query)) yield violation({ table, bucket, id }, SURPLUS);
}

/** What decisions start from instead of reading the stream: it must be the fold of the stream. */
class KeptStates {
  readonly types: readonly string[];
  compared = 0;
  private streams = new Map<Id, { readonly state: unknown; readonly version: number }>();

  constructor(
    readonly decider: Decider,
    private readonly store: EventStore,
  ) {
    this.types = decider.events.map(({ type }) => type);
  }

  hear(events: readonly RecordedEvent[]): void {
    for (const { event, meta } of events) {
      if (!this.types.includes(event.type)) continue;
      const before = this.streams.get(meta.streamId)?.state ?? this.decider.initialState;
      this.streams.set(meta.streamId, { state: this.decider.evolve(before, event), version: meta.version });
    }
  }

  /** Then forgets them: the next bucket has streams of its own. A state of an earlier version is read on from, and I4 holds it against the log. */
  async *compare(sql: Sql, bucket: number): AsyncGenerator<Finding> {
    const { streams } = this;
    this.streams = new Map();
    const kept = await this.store.keptStates(sql, bucket, this.decider, [...streams.keys()]);
    this.compared += kept.length;
    for (const { streamId, version, state } of kept) {
      const folded = streams.get(streamId)!;
      if (version !== folded.version || encode(state as object) === encode(folded.state as object)) continue;
      yield violation({ bucket, stream: streamId, version }, 'A kept state is not the fold of its stream.');
    }
  }
}
