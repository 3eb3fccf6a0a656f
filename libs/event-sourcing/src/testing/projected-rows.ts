import type { DataSource } from 'typeorm';
import { bucketOf, type Id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import type { AnyEvent, RecordedEvent } from '../domain-event.js';
import type { ReadModel } from '../read-model.js';
import { statementsFor } from '../row-changes.js';
import { Database } from '../sql.js';
import { connect } from './engine.js';
import { storedForm } from './stored-form.js';

/** A history: the stream's id, and its events in order. */
export interface History {
  readonly streamId: Id;
  readonly events: readonly AnyEvent[];
}

/** Read models on a real, migrated PostgreSQL. */
export class ProjectedRows {
  readonly database: Database;

  private constructor(private readonly dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  static async open(url: string): Promise<ProjectedRows> {
    return new ProjectedRows(await connect({ url }));
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  /** The rows after the histories, written one event in a transaction, then all at once: both must be the same. */
  async rows(model: ReadModel, ...histories: readonly History[]): Promise<Record<string, unknown>[]> {
    const recorded = histories.flatMap(recordedOf);
    await this.empty(model);
    for (const event of recorded) await this.project(model, [event]);
    const oneByOne = await this.read(model);
    await this.empty(model);
    await this.project(model, recorded);
    expect(await this.read(model)).toEqual(oneByOne);
    return oneByOne;
  }

  /** Writes the histories, one transaction for each event, to what is there already. */
  async add(model: ReadModel, ...histories: readonly History[]): Promise<void> {
    for (const event of histories.flatMap(recordedOf)) await this.project(model, [event]);
  }

  async empty(model: ReadModel): Promise<void> {
    await this.database.query(`delete from ${model.table}`);
  }

  private async read(model: ReadModel): Promise<Record<string, unknown>[]> {
    return this.database.query(`select * from ${model.table} order by id`);
  }

  private async project(model: ReadModel, events: readonly RecordedEvent[]): Promise<void> {
    const heard = events.filter(({ event }) => model.hears.includes(event.type));
    await this.database.transaction(async (sql) => {
      const bucket = heard[0]?.meta.bucket ?? 0;
      for (const statement of statementsFor(model, bucket, heard)) await sql.run(statement);
    });
  }
}

function recordedOf({ streamId, events }: History): RecordedEvent[] {
  return events.map((event, index) => ({
    event: storedForm(event),
    meta: {
      ...{ bucket: bucketOf(streamId), streamType: 'any', streamId, version: index + 1, eventId: streamId, position: BigInt(index + 1) },
      ...{
        correlationId: streamId,
        causationId: null,
        accountId: null,
        actor: 'spec',
        origin: null,
        effectiveAt: instant('2026-01-31T12:00:00Z'),
      },
    },
  }));
}
