import type { QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { Database, type Sql } from '#event-sourcing/sql.js';

/** One running transaction, for what asks for a database: all that it reads is of the same moment. */
export class Snapshot extends Database {
  constructor(
    private readonly sql: Sql,
    dataSource: DataSource,
  ) {
    super(dataSource);
  }

  override transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return work(this.sql);
  }

  override query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.sql.query<Row>(text, values);
  }
}
