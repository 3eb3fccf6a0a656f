import type { DataSource } from 'typeorm';

/** A table that a billing run writes: new rows, or new values in the rows of what is renewed. */
export interface FloorTable {
  readonly name: string;
  readonly writes: 'insert' | 'update';
  /** Picks the rows of one round; `$1` is the moment that fell due. */
  readonly of: string;
  /** The key of an updated row, besides the bucket. */
  readonly key?: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** The values of one bucket's rows, by column, as text. */
type Columns = readonly (readonly (string | null)[])[];

export interface FloorRound {
  readonly buckets: ReadonlyMap<number, ReadonlyMap<string, Columns>>;
  readonly rows: number;
}

/**
 * The floor: the rows that the product wrote, copied, and written once more into tables with the same columns, indexes,
 * constraints and partitions, by plain set-based SQL with one transaction for each bucket, from one Node process. No
 * reading, no deciding, no hashing, no locks.
 */
export class Floor {
  private readonly columns = new Map<string, readonly Column[]>();

  constructor(
    private readonly owner: DataSource,
    private readonly tables: readonly FloorTable[],
  ) {}

  async prepare(): Promise<void> {
    await this.owner.query('create schema floor');
    for (const { name } of this.tables) {
      const columns: Column[] = await this.owner.query(
        `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
        [name],
      );
      this.columns.set(name, columns);
      await this.copyTable(name);
    }
    await this.owner.query('analyze');
  }

  /** What the product wrote at that moment, bucket by bucket. */
  async capture(due: string): Promise<FloorRound> {
    const buckets = new Map<number, Map<string, string[][]>>();
    let rows = 0;
    for (const { name, of } of this.tables) {
      const columns = this.columns.get(name)!;
      const found: Record<string, string | null>[] = await this.owner.query(
        `select ${columns.map((column) => `${quoted(column.name)}::text as ${quoted(column.name)}`).join(', ')} from ${name} where ${of}`,
        of.includes('$1') ? [due] : [],
      );
      rows += found.length;
      for (const row of found) {
        const bucket = Number(row.bucket);
        const ofBucket = buckets.get(bucket) ?? new Map<string, string[][]>();
        buckets.set(bucket, ofBucket);
        const cells = ofBucket.get(name) ?? columns.map(() => []);
        ofBucket.set(name, cells);
        for (const [index, column] of columns.entries()) cells[index]!.push(row[column.name] as string);
      }
    }
    return { buckets, rows };
  }

  /** Writes a captured round, so many buckets at once. */
  async write({ buckets }: FloorRound, lanes: number): Promise<void> {
    const waiting = [...buckets.entries()];
    const lane = async (): Promise<void> => {
      const runner = this.owner.createQueryRunner();
      const client = (await runner.connect()) as {
        query(query: string | { name: string; text: string; values: unknown[] }): Promise<unknown>;
      };
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await client.query('begin');
        for (const table of this.tables) {
          const cells = next[1].get(table.name);
          if (cells) await client.query({ name: `floor ${table.name}`, text: this.statement(table), values: [...cells] });
        }
        await client.query('commit');
      }
      await runner.release();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  private statement({ name, writes, key = [] }: FloorTable): string {
    const columns = this.columns.get(name)!;
    const names = columns.map((column) => quoted(column.name));
    const rows = `unnest(${columns.map(({ type }, index) => `$${index + 1}::text[]::${type}[]`).join(', ')}) as u (${names.join(', ')})`;
    if (writes === 'insert')
      return `insert into ${floorName(name)} (${names.join(', ')}) select ${names.map((column) => `u.${column}`).join(', ')} from ${rows}`;
    const keys = ['bucket', ...key];
    const changed = names.filter((column) => !keys.map(quoted).includes(column));
    return `update ${floorName(name)} t set ${changed.map((column) => `${column} = u.${column}`).join(', ')} from ${rows} where ${keys.map((column) => `t.${quoted(column)} = u.${quoted(column)}`).join(' and ')}`;
  }

  private async copyTable(name: string): Promise<void> {
    const partitions: { name: string; bound: string }[] = await this.owner.query(
      `select c.oid::regclass::text as name, pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
      [name],
    );
    const [stored]: { options: string[] | null }[] = await this.owner.query(
      'select reloptions as options from pg_class where oid = $1::regclass',
      [name],
    );
    const partitioned =
      partitions.length > 0 ? ' partition by hash (bucket)' : stored?.options ? ` with (${stored.options.join(', ')})` : '';
    await this.owner.query(`create table ${floorName(name)} (like ${name} including all)${partitioned}`);
    for (const partition of partitions)
      await this.owner.query(`create table ${floorName(partition.name)} partition of ${floorName(name)} ${partition.bound}`);
    await this.owner.query(`insert into ${floorName(name)} select * from ${name}`);
  }
}

const quoted = (name: string): string => `"${name}"`;
const floorName = (name: string): string => `floor.${name.replace('.', '_')}`;
