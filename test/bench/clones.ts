import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { CHAIN_START, chainHash } from '#event-sourcing/event-codec.js';
import { copied, copyIn } from './copy-in.js';
import { planId } from './portfolio.js';
import { progress } from './report.js';

/** Tables that hold nothing of a customer, or whose rows come and go. */
const NOT_CLONED = ['es.bucket', 'es.checkpoint', 'es.command', 'es.job', 'es.series', 'es.unique_name'];
/** Customers that are written at once. */
const CHUNK = 100;
const LANES = 3;
const UUID = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;

interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

type StoredRow = Readonly<Record<string, string | null>>;

/** A text with slots for what differs from copy to copy: `texts` has one more element than `slots`. */
interface Template {
  readonly texts: readonly string[];
  readonly slots: readonly number[];
}

/** An event as the chain is computed over it, and the slots of its position and its hash. */
interface EventTemplate {
  readonly stored: StoredRow;
  readonly streamId: Template;
  readonly eventId: Template;
  readonly causationId: Template;
  readonly accountId: Template;
  readonly correlationId: Template;
  readonly payload: Template;
  readonly pos: number;
  readonly hash: number;
  /** The slot of the hash before it in its stream. */
  readonly previous: number | null;
}

/** Everything that is stored of one customer. The first slots are its ids. */
interface Sample {
  readonly bucket: number;
  readonly ids: number;
  readonly lastPos: number;
  readonly events: readonly EventTemplate[];
  /** All its rows in each table, as lines to copy in. */
  readonly lines: ReadonlyMap<Table, Template>;
}

/**
 * Many customers like those that are there, one in each of the first buckets: all their rows once more under new ids, with
 * positions that go on densely and chains computed anew. Only invoice numbers are repeated. It is the way to a million
 * customers with a history: the product's own commands would take hours.
 */
export async function cloneCustomers(owner: DataSource, wanted: number): Promise<void> {
  const tables = await clonedTables(owner);
  const [count]: { count: string }[] = await owner.query('select count(*) from subscriptions.subscription_details');
  const samples = Number(count!.count);
  const buckets = Array.from({ length: samples }, (_, bucket) => bucket);
  const more = Math.max(0, wanted - samples);
  let made = 0;
  const lane = async (): Promise<void> => {
    const runner = owner.createQueryRunner();
    const client: PoolClient = await runner.connect();
    try {
      for (let bucket = buckets.shift(); bucket !== undefined; bucket = buckets.shift()) {
        const copies = Math.floor(more / samples) + (bucket < more % samples ? 1 : 0);
        if (copies === 0) continue;
        const sample = await sampleOf(owner, tables, bucket);
        for (let done = 0; done < copies; done += CHUNK) await insertCopies(client, sample, done, Math.min(CHUNK, copies - done));
        made += copies;
        if (bucket % 32 === 31) progress(`  ${made.toLocaleString('en-US')} of ${more.toLocaleString('en-US')} customers cloned`);
      }
    } finally {
      await runner.release();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
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
  const slots = new Slots();
  const found = new Map<Table, readonly StoredRow[]>();
  for (const table of tables) found.set(table, await rowsOf(owner, table, bucket));
  // All ids come first: which slots there are besides is known only then.
  for (const rows of found.values()) for (const row of rows) for (const text of Object.values(row)) slots.template(text ?? '');
  const ids = slots.count;
  const log = [...found].find(([{ name }]) => name === 'es.event')![1];
  const hashes = new Map(log.map((event) => [`${event.stream_id}/${event.version}`, slots.add()]));
  const positions = new Map(log.map((event) => [event.pos, slots.add()]));
  const lines = new Map<Table, Template>();
  for (const [table, rows] of found) {
    const cells = rows.flatMap((row) =>
      table.columns.flatMap(({ name }, index) => {
        const end = index === table.columns.length - 1 ? '\n' : '\t';
        const slot = slotOf(table, name, row);
        return [slot === undefined ? slots.template(copied(row[name]!)) : slotAlone(slot), { texts: [end], slots: [] }];
      }),
    );
    if (rows.length > 0) lines.set(table, joined(cells));
  }

  /** Of the columns that are computed for each copy. */
  function slotOf({ name: table }: Table, column: string, row: StoredRow): number | undefined {
    if (table === 'es.event' && column === 'pos') return positions.get(row.pos!);
    const hasHash = table === 'es.event' || table === 'es.stream_state';
    return hasHash && column === 'hash' ? hashes.get(`${row.stream_id}/${row.version}`) : undefined;
  }

  const events = log.map(
    (row): EventTemplate => ({
      stored: row,
      streamId: slots.template(row.stream_id!),
      eventId: slots.template(row.event_id!),
      causationId: slots.template(row.causation_id ?? ''),
      accountId: slots.template(row.account_id ?? ''),
      correlationId: slots.template(row.correlation_id!),
      payload: slots.template(row.payload!),
      pos: positions.get(row.pos!)!,
      hash: hashes.get(`${row.stream_id}/${row.version}`)!,
      previous: hashes.get(`${row.stream_id}/${Number(row.version) - 1}`) ?? null,
    }),
  );
  return { bucket, ids, lastPos: Number(log.at(-1)!.pos), events, lines };
}

/**
 * A sealed text opens only where it was sealed, so what names a person could not be read under new ids: the copies are those of
 * customers whose persons were erased. Of the events of a customer only the first few hold such texts.
 */
const ERASED_KEY = { wrapped: null, master_key_id: null, erased_at: '2026-01-01T00:00:00.000Z' } as const;

/** In the order of the log where there is one. The plan is nobody's own. */
async function rowsOf(owner: DataSource, table: Table, bucket: number): Promise<StoredRow[]> {
  const found: StoredRow[] = await owner.query(
    `select ${table.columns.map(({ name, type }) => `${stored(name, type)} as "${name}"`).join(', ')} from ${table.name} t
      where bucket = $1 order by ${table.columns.some(({ name }) => name === 'pos') ? 't.pos' : '1'}`,
    [bucket],
  );
  const own = found.filter(({ id, stream_id }) => id !== planId && stream_id !== planId);
  return table.name === 'es.account_key' ? own.map((row) => ({ ...row, ...ERASED_KEY })) : own;
}

/** In the form that the chain is computed over, where it matters. */
function stored(name: string, type: string): string {
  return type === 'timestamp with time zone' ? `to_char("${name}" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `"${name}"::text`;
}

/** Gives each id of a customer a slot. The plan's id stays. */
class Slots {
  private readonly ids = new Map<string, number>();
  count = 0;

  add(): number {
    this.count += 1;
    return this.count - 1;
  }

  template(text: string): Template {
    const texts = [''];
    const slots: number[] = [];
    for (const part of text.split(UUID)) {
      if (!UUID.test(part) || part === planId) {
        texts[texts.length - 1] += part;
        continue;
      }
      const slot = this.ids.get(part) ?? this.add();
      this.ids.set(part, slot);
      slots.push(slot);
      texts.push('');
    }
    return { texts, slots };
  }
}

const slotAlone = (slot: number): Template => ({ texts: ['', ''], slots: [slot] });

function joined(templates: readonly Template[]): Template {
  const texts = [''];
  const slots: number[] = [];
  for (const template of templates) {
    texts[texts.length - 1] += template.texts[0]!;
    texts.push(...template.texts.slice(1));
    slots.push(...template.slots);
  }
  return { texts, slots };
}

function filled({ texts, slots }: Template, values: readonly string[]): string {
  let text = texts[0]!;
  for (let index = 0; index < slots.length; index += 1) text += values[slots[index]!]! + texts[index + 1]!;
  return text;
}

async function insertCopies(client: PoolClient, sample: Sample, done: number, copies: number): Promise<void> {
  const made = Array.from({ length: copies }, (_, index) => valuesOf(sample, done + index));
  // What is lost in a crash is made again from the beginning.
  await client.query('begin; set local synchronous_commit = off');
  for (const [{ name, columns }, lines] of sample.lines) {
    const names = columns.map((column) => column.name);
    await copyIn(client, name, names, made.map((values) => filled(lines, values)).join(''));
  }
  await client.query('commit');
}

/** What stands in the slots of one copy; copy 0 comes right after the sample in the log. */
function valuesOf({ bucket, ids, lastPos, events }: Sample, number: number): string[] {
  const values = Array.from({ length: ids }, () => freshId(bucket));
  const hashes = new Map<number, Buffer>();
  for (const [index, event] of events.entries()) {
    const { stored: row } = event;
    const hash = chainHash(event.previous === null ? CHAIN_START : hashes.get(event.previous)!, {
      streamType: row.stream_type!,
      streamId: filled(event.streamId, values),
      version: Number(row.version),
      eventId: filled(event.eventId, values),
      eventType: row.event_type!,
      schemaVersion: Number(row.schema_version),
      accountId: filled(event.accountId, values) || null,
      correlationId: filled(event.correlationId, values),
      causationId: filled(event.causationId, values) || null,
      actor: row.actor!,
      origin: row.origin!,
      effectiveAt: row.effective_at!,
      payload: filled(event.payload, values),
    });
    hashes.set(event.hash, hash);
    values[event.hash] = copied(`\\x${hash.toString('hex')}`);
    values[event.pos] = String(lastPos + number * events.length + index + 1);
  }
  return values;
}

function freshId(bucket: number): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 30)}${bucket.toString(16).padStart(2, '0')}`;
}
