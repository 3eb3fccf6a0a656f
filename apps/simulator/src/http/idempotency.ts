import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SimulatedClock } from '../state/simulated-clock.js';
import { StripeFailure } from './stripe-failure.js';

export interface StoredAnswer {
  status: number;
  body: string;
  requestId: string;
}

/** Stripe may forget a key after a day, and then runs the request again. */
const keptSeconds = 24 * 3600;

/**
 * The answers kept under idempotency keys. The answer is written in the transaction of the work itself, so that after a
 * crash there is either both or neither.
 */
export class IdempotencyKeys {
  private readonly selection: StatementSync;
  private readonly insertion: StatementSync;
  /** Keys whose request has been read but not yet answered. */
  private readonly inUse = new Set<string>();

  constructor(
    database: DatabaseSync,
    private readonly clock: SimulatedClock,
  ) {
    this.selection = database.prepare('SELECT * FROM idempotency_keys WHERE key = ?');
    this.insertion = database.prepare('INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  /**
   * Takes the key for a request, or finds the answer that is already there.
   *
   * @throws StripeFailure 400 when the key was used for something else, 409 while its first request is still running.
   */
  take(key: string, endpoint: string, parameters: string): StoredAnswer | undefined {
    if (key.length > 255) throw misused('Idempotency keys can be up to 255 characters long.');
    if (this.inUse.has(key)) throw keyInUse(key);
    const row = this.selection.get(key);
    if (row === undefined || Number(row.created) + keptSeconds < this.clock.now()) {
      this.inUse.add(key);
      return undefined;
    }
    if (row.endpoint !== endpoint) throw misused(onlyForSame('endpoint', key));
    if (row.fingerprint !== fingerprintOf(parameters)) throw misused(onlyForSame('parameters', key));
    return { status: Number(row.status), body: String(row.body), requestId: String(row.request_id) };
  }

  keep(key: string, endpoint: string, parameters: string, answer: StoredAnswer): void {
    this.insertion.run(key, fingerprintOf(parameters), endpoint, answer.status, answer.body, answer.requestId, this.clock.now());
  }

  release(key: string): void {
    this.inUse.delete(key);
  }
}

export function keyInUse(key: string): StripeFailure {
  return new StripeFailure(
    409,
    {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message:
        'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the ' +
        `other request is still going through): ${key}. Please try again later.`,
    },
    { executed: false },
  );
}

function onlyForSame(what: 'endpoint' | 'parameters', key: string): string {
  const same = what === 'endpoint' ? 'for the same endpoint' : 'with the same parameters';
  return `Keys for idempotent requests can only be used ${same} they were first used ${
    what === 'endpoint' ? 'for' : 'with'
  }. Try using a key other than '${key}' if you meant to execute a different request.`;
}

function misused(message: string): StripeFailure {
  return new StripeFailure(400, { type: 'idempotency_error', message }, { executed: false });
}

function fingerprintOf(parameters: string): string {
  return createHash('sha256').update(parameters).digest('base64');
}
