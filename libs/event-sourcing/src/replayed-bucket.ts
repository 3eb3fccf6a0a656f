import type { Id } from '#kernel/ids.js';
import type { DecidedEvent } from './domain-event.js';
import type { ReadModel } from './read-model.js';
import { columnNames, RowChanges } from './row-changes.js';
import type { Sql, Statement } from './sql.js';

/** A row that is not what a replay of the log gives; either side may lack it. */
export interface Deviation {
  readonly table: string;
  readonly bucket: number;
  readonly id: Id;
  readonly stored: Readonly<Record<string, unknown>> | null;
  readonly replayed: Readonly<Record<string, unknown>> | null;
}

/** Of all read models together; a row takes some 2 kB. */
const HELD_ROWS = 20_000;

/**
 * The rows of many read models in one bucket, as the bucket's events make them from nothing. Changes are joined in memory
 * by the rule that joins those of a batch while serving, so that a row is written once, however often it changed. What is
 * too much to be held goes on to temporary tables, with the statements of a batch. All of it in one transaction.
 */
export class ReplayedBucket {
  private readonly tables: readonly ReplayedTable[];
  private readonly hearing = new Map<string, ReplayedTable[]>();

  constructor(
    private readonly sql: Sql,
    readonly bucket: number,
    models: readonly ReadModel[],
    private readonly heldRows = HELD_ROWS,
  ) {
    this.tables = models.map((model, index) => new ReplayedTable(sql, bucket, model, `replayed_${index}`));
    for (const table of this.tables) {
      for (const type of table.model.hears) this.hearing.set(type, [...(this.hearing.get(type) ?? []), table]);
    }
  }

  /** The bucket's next events, in order. */
  async hear(events: readonly DecidedEvent[]): Promise<void> {
    for (const recorded of events) {
      for (const { changes } of this.hearing.get(recorded.event.type) ?? []) changes.hear(recorded);
      if (this.held() > this.heldRows) for (const table of this.tables) await table.spill();
    }
  }

  private held(): number {
    let rows = 0;
    for (const { changes } of this.tables) rows += changes.size;
    return rows;
  }

  /** Puts the rows in the place of those that are stored. */
  async exchange(): Promise<void> {
    const statements: Statement[] = [];
    for (const replayed of this.tables) {
      const { table } = replayed.model;
      statements.push({ text: `delete from ${table} where bucket = $1::smallint`, values: [this.bucket] });
      if (replayed.isEmpty) continue;
      const { text, values } = await replayed.rows();
      statements.push({ text: `insert into ${table} (${columnNames(replayed.model).join(', ')}) ${text}`, values });
    }
    await this.sql.runAll(statements);
    for (const replayed of this.tables) await replayed.discard();
  }

  /** Holds the rows against those that are stored. */
  async deviations(): Promise<Deviation[]> {
    const found: Deviation[] = [];
    for (const replayed of this.tables) {
      const { table } = replayed.model;
      const { text, values } = await replayed.rows();
      const stored = `select ${columnNames(replayed.model).join(', ')} from ${table} where bucket = $1::smallint`;
      const different = await this.sql.query<Omit<Deviation, 'table'>>(
        `select bucket, id, to_json(s) as stored, to_json(r) as replayed
           from (${stored}) s full join (${text}) r using (bucket, id) where s::text is distinct from r::text order by id`,
        values,
      );
      for (const deviation of different) found.push({ table, ...deviation });
      await replayed.discard();
    }
    return found;
  }
}

/** The rows of one read model: the changes that are held, after those that have gone to a temporary table. */
class ReplayedTable {
  changes: RowChanges;
  private isSpilled = false;

  constructor(
    private readonly sql: Sql,
    private readonly bucket: number,
    readonly model: ReadModel,
    private readonly copy: string,
  ) {
    this.changes = new RowChanges(model, bucket);
  }

  get isEmpty(): boolean {
    return !this.isSpilled && this.changes.size === 0;
  }

  async spill(): Promise<void> {
    if (!this.isSpilled) {
      await this.sql.query(`create temp table ${this.copy} (like ${this.model.table} including defaults)`);
      await this.sql.query(`alter table ${this.copy} add primary key (bucket, id)`);
      this.isSpilled = true;
    }
    for (const statement of this.changes.statements(this.copy)) await this.sql.run(statement);
    this.changes = new RowChanges(this.model, this.bucket);
  }

  /** A query over all rows; its first parameter is the bucket. */
  async rows(): Promise<Pick<Statement, 'text' | 'values'>> {
    if (!this.isSpilled) return this.changes.asQuery();
    await this.spill();
    return { text: `select ${columnNames(this.model).join(', ')} from ${this.copy} where bucket = $1::smallint`, values: [this.bucket] };
  }

  async discard(): Promise<void> {
    if (this.isSpilled) await this.sql.query(`drop table ${this.copy}`);
  }
}
