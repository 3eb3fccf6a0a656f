import type { RungJob } from './doorbell.js';
import type { Sql } from './sql.js';

/** One try at a transaction of one bucket: handed from whoever begins it to all that write in it. */
export class Transaction {
  /** It has taken a stream for new. */
  trusted = false;
  /** What it asks for: the doorbell rings for them once they are committed. */
  readonly jobs: RungJob[] = [];

  constructor(
    readonly sql: Sql,
    readonly bucket: number,
    /** Takes the bucket's lock before anything is read, so that no stream can move. */
    readonly insists = false,
    /** Takes the streams of follow-ups that begin one for new; once that was wrong, every stream is looked at. */
    readonly trusts = false,
  ) {}
}
