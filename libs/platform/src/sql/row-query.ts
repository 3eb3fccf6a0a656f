import type { QueryResultRow } from 'pg';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { bucketOf, type Id } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { PageWindow } from '../http/page.js';

/** A transaction, or the database outside of one: a resource is read by the same code in both. */
export interface Queryable {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A table of a read model: its key is (bucket, id), its lists run from the newest row on. */
export interface RowSource {
  readonly table: string;
  /** Named one by one: a prepared statement cannot follow a `*` whose columns a migration changes. */
  readonly columns: readonly string[];
  /** The column that lists are ordered by, with the id; it never changes. */
  readonly newestBy: string;
}

/** The rows of a read model, as its declaration names them. */
export function rowsOf({ table, columns, tracksVersion }: ReadModel, newestBy: string): RowSource {
  return { table, columns: ['id', ...(tracksVersion ? ['version'] : []), ...Object.keys(columns)], newestBy };
}

export async function rowById<Row extends QueryResultRow>(sql: Queryable, { table, columns }: RowSource, id: Id): Promise<Row | undefined> {
  const [row] = await sql.query<Row>(`select ${columns.join(', ')} from ${table} where bucket = $1::smallint and id = $2::uuid`, [
    bucketOf(id),
    id,
  ]);
  return row;
}

/** The rows of the ids, in their order; undefined where there is none. One query, for a loader. */
export async function rowsByIds<Row extends QueryResultRow & { id: Id }>(
  sql: Queryable,
  { table, columns }: RowSource,
  ids: readonly Id[],
): Promise<(Row | undefined)[]> {
  const rows = await sql.query<Row>(
    `select ${columns.map((column) => `t.${column}`).join(', ')} from unnest($1::smallint[], $2::uuid[]) as k (bucket, id) join ${table} t on t.bucket = k.bucket and t.id = k.id`,
    [ids.map(bucketOf), ids],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

/** A value that a text column must equal whatever the case of its letters; an index on `lower(column)` serves it. */
class InAnyCase {
  constructor(readonly text: string) {}
}

export function inAnyCase(text: string): InAnyCase {
  return new InAnyCase(text);
}

/** What a column must be like rather than equal: a condition written out for the column and the placeholder of the value. */
class Matching {
  constructor(
    readonly condition: (column: string, value: string) => string,
    readonly value: string,
  ) {}
}

export function matching(condition: (column: string, value: string) => string, value: string | undefined): Matching | undefined {
  return value === undefined ? undefined : new Matching(condition, value);
}

/** Columns and the values they must equal; undefined ones do not count. */
export type RowFilters = Readonly<Record<string, string | number | boolean | InAnyCase | Matching | undefined>>;

/** A page of a list, newest first. */
export async function rowsNewestFirst<Row extends QueryResultRow>(
  sql: Queryable,
  { table, columns, newestBy }: RowSource,
  filters: RowFilters,
  window: PageWindow,
): Promise<Row[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = Object.entries(filters).flatMap(([column, value]) => {
    if (value === undefined) return [];
    if (value instanceof Matching) return [value.condition(column, bind(value.value))];
    return value instanceof InAnyCase ? [`lower(${column}) = lower(${bind(value.text)})`] : [`${column} = ${bind(value)}`];
  });
  if (window.after) conditions.push(`(${newestBy}, id) < (${bind(window.after.createdAt)}::timestamptz, ${bind(window.after.id)}::uuid)`);
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  return sql.query<Row>(
    `select ${columns.join(', ')} from ${table} ${where} order by ${newestBy} desc, id desc limit ${bind(window.fetch)}`,
    values,
  );
}

/** The same page for each of many parents, in their order, in one query: one level of a GraphQL answer. */
export async function rowsOfParents<Row extends QueryResultRow>(
  sql: Queryable,
  { table, columns, newestBy }: RowSource,
  parentColumn: string,
  parentIds: readonly Id[],
  window: PageWindow,
): Promise<Row[][]> {
  const rows = await sql.query<Row & { parent_index: string }>(
    `select k.index as parent_index, ${columns.map((column) => `t.${column}`).join(', ')}
       from unnest($1::smallint[], $2::uuid[]) with ordinality as k (bucket, parent_id, index)
       cross join lateral (
         select * from ${table} c
          where c.bucket = k.bucket and c.${parentColumn} = k.parent_id
            and ($3::timestamptz is null or (c.${newestBy}, c.id) < ($3::timestamptz, $4::uuid))
          order by c.${newestBy} desc, c.id desc limit $5) t
      order by k.index, t.${newestBy} desc, t.id desc`,
    [parentIds.map(bucketOf), parentIds, window.after?.createdAt ?? null, window.after?.id ?? null, window.fetch],
  );
  const pages: Row[][] = parentIds.map(() => []);
  for (const row of rows) pages[Number(row.parent_index) - 1]!.push(row);
  return pages;
}

/** A timestamp column as an instant. */
export function instantOf(date: Date): Instant;
export function instantOf(date: Date | null): Instant | null;
export function instantOf(date: Date | null): Instant | null {
  return date && fromEpochMs(date.getTime());
}
