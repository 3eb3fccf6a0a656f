import type { Sql } from '#event-sourcing/sql.js';
import { jsonLinesOf } from './json-lines.js';

/**
 * A client's journal: JSON lines, each written to disk (fsync) before the client goes on. Before a request
 *
 *     {"op":"17","intent":{"correlationId":"…","key":"…","event":"SubscriptionStarted"}}
 *
 * `correlationId` is sent as `X-Correlation-Id` and is another for each operation, repetitions of it included; `key` is the
 * Idempotency-Key, or null; `event` is the type of event that the request records once if it is done. After an answer
 *
 *     {"op":"17","ack":{"status":201,"body":{…}}}
 *
 * An operation that was never answered has no `ack`; one that was repeated may have several.
 */
export type JournalLine =
  | { readonly op: string; readonly intent: { readonly correlationId: string; readonly key: string | null; readonly event: string } }
  | { readonly op: string; readonly ack: { readonly status: number; readonly body: unknown } };

const BATCH = 5_000;

/**
 * Brings a journal into the temporary tables `journal_op` and `journal_ack`, and beside them, as `journal_effect`, what
 * requests have recorded: the events that follow from no other. Operations under one key are one `request`. Answers the
 * number of operations.
 */
export async function loadJournal(sql: Sql, file: string): Promise<number> {
  await sql.query(`create temp table journal_op (op text primary key, correlation_id text, key text, event text,
    request text generated always as (coalesce('key ' || event || ' ' || key, 'op ' || op)) stored) on commit drop`);
  await sql.query('create temp table journal_ack (op text, status integer, body jsonb) on commit drop');
  let lines: JournalLine[] = [];
  for await (const { value } of jsonLinesOf<JournalLine>(file)) {
    lines.push(value);
    if (lines.length === BATCH) {
      await keep(sql, lines);
      lines = [];
    }
  }
  await keep(sql, lines);
  for (const table of ['journal_op', 'journal_ack']) await sql.query(`analyze ${table}`);
  await sql.query(`create temp table journal_effect on commit drop as
    select o.op, e.bucket, e.stream_id from journal_op o
      join es.event e on e.correlation_id = o.correlation_id and e.event_type = o.event and e.causation_id is null`);
  const [row] = await sql.query<{ count: string }>('select count(*) from journal_op');
  return Number(row!.count);
}

async function keep(sql: Sql, lines: readonly JournalLine[]): Promise<void> {
  const intents = lines.flatMap((line) => ('intent' in line ? [line] : []));
  const acks = lines.flatMap((line) => ('ack' in line ? [line] : []));
  await sql.query('insert into journal_op select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])', [
    intents.map(({ op }) => op),
    intents.map(({ intent }) => intent.correlationId),
    intents.map(({ intent }) => intent.key),
    intents.map(({ intent }) => intent.event),
  ]);
  await sql.query('insert into journal_ack select * from unnest($1::text[], $2::integer[], $3::jsonb[])', [
    acks.map(({ op }) => op),
    acks.map(({ ack }) => ack.status),
    acks.map(({ ack }) => JSON.stringify(ack.body ?? null)),
  ]);
}
