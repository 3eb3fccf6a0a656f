import type { Database } from './sql.js';

/** The rows whose locks are the leases of a reader's buckets: made when a bucket is first looked at, and never removed. */
export class Checkpoints {
  private readonly made = new Set<number>();

  constructor(
    private readonly database: Database,
    private readonly reader: string,
  ) {}

  async ensure(bucket: number): Promise<void> {
    if (this.made.has(bucket)) return;
    await this.database.query(`insert into es.checkpoint (bucket, reader) values ($1::smallint, $2) on conflict do nothing`, [
      bucket,
      this.reader,
    ]);
    this.made.add(bucket);
  }
}
