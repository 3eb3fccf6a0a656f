import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#kernel/ids.js';
import type { JournalLine } from '../../../apps/cli/src/verify/journal.js';
import type { SeededChance } from '../../reliability/seeded-chance.js';

interface Operation {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** The type of event that it records once. */
  readonly event: string;
}

export interface Addresses {
  readonly baseUrls: readonly string[];
  readonly apiKey: string;
}

const CALL_TIMEOUT_MS = 15_000;

/**
 * Customers who subscribe and cancel, through whatever process answers. Before and after each call the journal is written to
 * the disk: what it says was acknowledged must be there. A call without an answer is repeated with its key until it has one.
 */
export class JournalingClient {
  private readonly journal: number;
  private readonly requestLog: number;
  private readonly lanes: Promise<void>[] = [];
  private readonly accounts: string[] = [];
  private readonly subscriptions: string[] = [];
  private operations = 0;
  private stopping = false;
  acknowledged = 0;
  unanswered = 0;
  readonly refusals: string[] = [];

  constructor(
    private readonly addresses: Addresses,
    private readonly chance: SeededChance,
    files: { readonly journal: string; readonly requests: string },
  ) {
    this.journal = openSync(files.journal, 'a');
    this.requestLog = openSync(files.requests, 'a');
  }

  start(lanes: number): void {
    this.stopping = false;
    for (let lane = 0; lane < lanes; lane += 1) this.lanes.push(this.lane());
  }

  /** Lets every call come to its answer. */
  async pause(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes.splice(0));
  }

  close(): void {
    closeSync(this.journal);
    closeSync(this.requestLog);
  }

  private async lane(): Promise<void> {
    while (!this.stopping) await this.perform(this.next());
  }

  private next(): Operation {
    const choice = this.chance.next();
    if (choice < 0.15 && this.subscriptions.length > 0) {
      const [id] = this.subscriptions.splice(this.chance.between(0, this.subscriptions.length - 1), 1);
      return { method: 'DELETE', path: `/v1/subscriptions/${id}`, event: 'SubscriptionCanceled' };
    }
    if (choice < 0.65 && this.accounts.length > 0) {
      // Once for each: an account with many invoices in a day would look impossible, and be parked.
      const [accountId] = this.accounts.splice(this.chance.between(0, this.accounts.length - 1), 1);
      return { method: 'POST', path: '/v1/subscriptions', body: { accountId, planCode: 'pro' }, event: 'SubscriptionStarted' };
    }
    const body = { email: 'ada@example.com', name: 'Ada', currency: 'USD', paymentMethod: { token: 'pm_card_visa' } };
    return { method: 'POST', path: '/v1/accounts', body, event: 'AccountCreated' };
  }

  async perform(operation: Operation): Promise<string> {
    const key = newId();
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.call(operation, key);
      const comeBack =
        answer === null || answer.status >= 500 || answer.code === 'idempotency_key_in_use' || answer.code === 'version_conflict';
      if (comeBack) {
        await pause(Math.min(1_000, 20 * 2 ** Math.min(attempt, 6)));
        continue;
      }
      if (answer.status >= 300) this.refusals.push(`${operation.method} ${operation.path}: ${answer.status} ${answer.code}`);
      else if (operation.event === 'AccountCreated') this.accounts.push(answer.id);
      else if (operation.event === 'SubscriptionStarted') this.subscriptions.push(answer.id);
      this.acknowledged += 1;
      return answer.id;
    }
  }

  /** Null when nobody knows what became of it. */
  private async call({ method, path, body, event }: Operation, key: string): Promise<{ status: number; id: string; code: string } | null> {
    this.operations += 1;
    const op = String(this.operations);
    const correlationId = newId();
    this.write({ op, intent: { correlationId, key, event } });
    try {
      const answer = await fetch(`${this.chance.oneOf(this.addresses.baseUrls)}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.addresses.apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': key,
          'X-Correlation-Id': correlationId,
        },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      const parsed = (await answer.json()) as { id: string; code: string };
      this.write({ op, ack: { status: answer.status, body: parsed } });
      const headers = { 'content-type': answer.headers.get('content-type'), 'retry-after': answer.headers.get('retry-after') ?? undefined };
      writeSync(this.requestLog, `${JSON.stringify({ method, path, status: answer.status, headers })}\n`);
      return { status: answer.status, id: parsed.id, code: parsed.code };
    } catch {
      this.unanswered += 1;
      return null;
    }
  }

  private write(line: JournalLine): void {
    writeSync(this.journal, `${JSON.stringify(line)}\n`);
    fsyncSync(this.journal);
  }
}
