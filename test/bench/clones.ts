import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { CHAIN_START, chainHash } from '#event-sourcing/event-codec.js';
import { planId } from './portfolio.js';
import { progress } from './report.js';

/** Tables that hold nothing of a customer, or whose rows come and go. */
const NOT_CLONED = ['es.bucket', 'es.checkpoint', 'es.command', 'es.job', 'es.series'];
const CHUNK = 100;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A stored value with the places of its ids: `texts` has one more element than `ids`. Null is null. */
type Cell = { readonly texts: readonly string[]; readonly ids: readonly number[] } | null;
type Row = Readonly<Record<string, Cell>>;

/** Everything that is stored of one customer. */
interface Sample {
  readonly bucket: number;
  readonly ids: readonly string[];
  readonly rows: ReadonlyMap<Table, readonly Row[]>;
}

/**
 * Many customers like those that are there, one in each bucket: all their rows once more under new ids, with positions
 * that go on densely and chains computed anew. Only invoice numbers are repeated. It is the way to a million customers
 * with a history: the product's own commands would take hours.
 */
export async function cloneCustomers(owner: DataSource, wanted: number): Promise<void> {
  const tables = await clonedTables(owner);
  const [count]: { count: string }[] = await owner.query('select count(*) from subscriptions.subscription_details');
  const buckets = Array.from({ length: Number(count!.count) }, (_, bucket) => bucket);
  const more = wanted - buckets.length;
  let made = 0;
  const lane = async (): Promise<void> => {
    for (let bucket = buckets.shift(); bucket !== undefined; bucket = buckets.shift()) {
      const sample = await sampleOf(owner, tables, bucket);
      const copies = Math.floor(more / 256) + (bucket < more % 256 ? 1 : 0);
      for (let done = 0; done < copies; done += CHUNK) await insertCopies(owner, sample, done, Math.min(CHUNK, copies - done));
      made += copies;
      if (bucket % 32 === 31) progress(`  ${made.toLocaleString('en-US')} of ${more.toLocaleString('en-US')} customers cloned`);
    }
  };
  await Promise.all([lane(), lane()]);
}

async function clonedTables(owner: DataSource): Promise<Table[]> {
  const rows: { table: string; name: string; type: string }[] = await owner.query(
    `select c.oid::regclass::text as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'catalog')
        and exists (select 1 from pg_attribute b where b.attrelid = c.oid and b.attname = 'bucket')
        and not c.oid::regclass::text = any($1::text[])
      order by c.oid, a.attnum`,
    [NOT_CLONED],
  );
  const tables = new Map<string, Table & { columns: { name: string; type: string }[] }>();
  for (const { table, name, type } of rows) {
    const known = tables.get(table) ?? { name: table, columns: [] };
    tables.set(table, known);
    known.columns.push({ name, type });
  }
  return [...tables.values()];
}

async function sampleOf(owner: DataSource, tables: readonly Table[], bucket: number): Promise<Sample> {
  const ids: string[] = [];
  const rows = new Map<Table, Row[]>();
  for (const table of tables) {
    const found: Record<string, string | null>[] = await owner.query(
      `select ${table.columns.map(({ name, type }) => `${stored(name, type)} as "${name}"`).join(', ')} from ${table.name} t
        where bucket = $1 order by ${table.columns.some(({ name }) => name === 'pos') ? 't.pos' : '1'}`,
      [bucket],
    );
    const ofCustomer = found.filter(({ id, stream_id }) => id !== planId && stream_id !== planId);
    rows.set(
      table,
      ofCustomer.map((row) => Object.fromEntries(Object.entries(row).map(([name, text]) => [name, cellOf(text, ids)]))),
    );
  }
  return { bucket, ids, rows };
}

/** In the form that the chain is computed over, where it matters. */
function stored(name: string, type: string): string {
  return type === 'timestamp with time zone' ? `to_char("${name}" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `"${name}"::text`;
}

/** The plan is nobody's own: its id stays. */
function cellOf(text: string | null, ids: string[]): Cell {
  if (text === null) return null;
  const texts = [''];
  const places: number[] = [];
  for (const part of text.split(new RegExp(`(${UUID.source})`))) {
    if (!UUID.test(part) || part === planId) {
      texts[texts.length - 1] += part;
      continue;
    }
    const known = ids.indexOf(part);
    places.push(known >= 0 ? known : ids.push(part) - 1);
    texts.push('');
  }
  return { texts, ids: places };
}

function filled(cell: Cell, ids: readonly string[]): string | null {
  if (cell === null) return null;
  let text = cell.texts[0]!;
  for (let index = 0; index < cell.ids.length; index += 1) text += ids[cell.ids[index]!]! + cell.texts[index + 1]!;
  return text;
}

async function insertCopies(owner: DataSource, sample: Sample, done: number, copies: number): Promise<void> {
  const made = Array.from({ length: copies }, (_, index) => copyOf(sample, done + index));
  for (const table of sample.rows.keys()) {
    const columns = table.columns.map(({ name }) => made.flatMap((copy) => copy.get(table)!.map((row) => row[name])));
    const names = table.columns.map(({ name }) => `"${name}"`).join(', ');
    const values = table.columns.map(({ type }, index) => `$${index + 1}::text[]::${type}[]`).join(', ');
    if (columns[0]!.length > 0) await owner.query(`insert into ${table.name} (${names}) select * from unnest(${values})`, columns);
  }
}

type Copied = Record<string, string | null>;

/** The customer's rows under new ids; copy 0 comes right after the sample in the log. */
function copyOf(sample: Sample, number: number): Map<Table, Copied[]> {
  const ids = sample.ids.map(() => freshId(sample.bucket));
  const copy = new Map([...sample.rows].map(([table, rows]): [Table, Copied[]] => [table, rows.map((row) => filledRow(row, ids))]));
  const hashes = new Map<string, Buffer>();
  for (const [table, rows] of copy) if (table.name === 'es.event') chain(rows, number, hashes);
  for (const [table, rows] of copy)
    if (table.name === 'es.stream_state') for (const row of rows) row.hash = bytes(hashes.get(`${row.stream_id}/${row.version}`)!);
  return copy;
}

function filledRow(row: Row, ids: readonly string[]): Copied {
  const copied: Copied = {};
  for (const name in row) copied[name] = filled(row[name]!, ids);
  return copied;
}

function chain(events: readonly Copied[], number: number, hashes: Map<string, Buffer>): void {
  const last = Number(events.at(-1)!.pos);
  events.forEach((event, index) => {
    event.pos = String(last + number * events.length + index + 1);
    const version = Number(event.version);
    const hash = chainHash(hashes.get(`${event.stream_id}/${version - 1}`) ?? CHAIN_START, {
      streamType: event.stream_type!,
      streamId: event.stream_id!,
      version,
      eventId: event.event_id!,
      eventType: event.event_type!,
      schemaVersion: Number(event.schema_version),
      correlationId: event.correlation_id!,
      causationId: event.causation_id!,
      actor: event.actor!,
      effectiveAt: event.effective_at!,
      payload: event.payload!,
    });
    hashes.set(`${event.stream_id}/${version}`, hash);
    event.hash = bytes(hash);
  });
}

const bytes = (hash: Buffer): string => `\\x${hash.toString('hex')}`;

function freshId(bucket: number): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 30)}${bucket.toString(16).padStart(2, '0')}`;
}
