import type { QueryResultRow } from 'pg';
import type { Sql } from '#event-sourcing/sql.js';
import { type Violation, violation } from './finding.js';

let cursors = 0;

const BATCH = 2_000;

/** Reads any number of rows, some at a time. */
export async function* rowsOf<Row extends QueryResultRow>(sql: Sql, query: string): AsyncGenerator<Row> {
  // Statements are prepared by their text, and what a FETCH returns depends on its cursor: each cursor has its own name.
  cursors += 1;
  const cursor = `verify_${cursors}`;
  await sql.query(`declare ${cursor} no scroll cursor for ${query}`);
  let rows: Row[];
  do {
    rows = await sql.query<Row>(`fetch forward ${BATCH} from ${cursor}`);
    yield* rows;
  } while (rows.length === BATCH);
  await sql.query(`close ${cursor}`);
}

/** A query that returns what is wrong: a sentence in `says`, and every other column an id that leads to the place. */
export async function* violationsIn(sql: Sql, query: string): AsyncGenerator<Violation> {
  for await (const { says, ...where } of rowsOf<{ says: string } & Record<string, string | number>>(sql, query))
    yield violation(where, says);
}

export async function countOf(sql: Sql, query: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>(query);
  return Number(row!.count);
}

/** The buckets that hold events: of a young installation few do. */
export async function bucketsInUse(sql: Sql): Promise<number[]> {
  const rows = await sql.query<{ bucket: number }>(
    'select bucket from es.bucket b where exists (select 1 from es.event e where e.bucket = b.bucket) order by bucket',
  );
  return rows.map(({ bucket }) => bucket);
}
