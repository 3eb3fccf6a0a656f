import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#kernel/ids.js';
import type { JournalLine } from '../../../apps/cli/src/verify/journal.js';
import type { SeededChance } from '../../reliability/seeded-chance.js';

interface Operation {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** The type of event that it records once. */
  readonly event: string;
  /** Nobody else may send for what lives on a clock that moves. */
  readonly isOnClock?: boolean;
}

export interface Addresses {
  readonly baseUrls: readonly string[];
  readonly apiKey: string;
}

const CALL_TIMEOUT_MS = 15_000;
/** Nobody waits longer for a call to be answered, its repetitions included. */
const GIVE_UP_MS = 180_000;
const LONGEST_PAUSE_MS = 250;
/** Between two calls of a customer: what follows from them stays within the 30 jobs a second that the gateway is sent. */
const MEAN_PAUSE_MS = 300;
const MONTHS = ['2026-02-28T12:00:00Z', '2026-03-31T12:00:00Z', '2026-04-30T12:00:00Z'];

/**
 * Customers who subscribe and cancel, and some who live on test clocks and are billed for months, through whatever API
 * answers. Before and after each call the journal is written to the disk: what it says was acknowledged must be there. A call
 * without an answer is repeated with its key until it has one.
 */
export class JournalingClient {
  private readonly journal: number;
  private readonly requestLog: number;
  private readonly lanes: Promise<void>[] = [];
  /** All accounts, those that have no subscription yet, and the subscriptions that are not canceled. */
  private readonly known: string[] = [];
  private readonly accounts: string[] = [];
  private readonly subscriptions: string[] = [];
  private operations = 0;
  private stopping = false;
  acknowledged = 0;
  unanswered = 0;
  /** When the latest of those calls was made that have been acknowledged. */
  servedAtMs = Number.NEGATIVE_INFINITY;
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
    this.lanes.push(this.clockedLane());
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
    while (!this.stopping) {
      await this.perform(this.next());
      await pause(this.chance.between(0, 2 * MEAN_PAUSE_MS));
    }
  }

  /** One clock after the other, each with a customer who is billed at the end of each month. */
  private async clockedLane(): Promise<void> {
    while (!this.stopping) {
      const now = '2026-01-31T12:00:00Z';
      const clock = await this.perform({ method: 'POST', path: '/v1/test-clocks', body: { now }, event: 'TestClockCreated' });
      const accountId = await this.perform(newAccount({ testClockId: clock }));
      await this.perform(newSubscription(accountId, true));
      for (const to of MONTHS) {
        const path = `/v1/test-clocks/${clock}`;
        await this.perform({ method: 'POST', path: `${path}/advance`, body: { to }, event: 'TestClockAdvanceStarted' });
        while (!this.stopping && !(await this.isReady(path))) await pause(50);
        if (this.stopping) return;
      }
    }
  }

  private next(): Operation {
    const choice = this.chance.next();
    if (choice < 0.4 && this.known.length > 0) {
      const body = { name: `Ada ${this.operations}` };
      return { method: 'PATCH', path: `/v1/accounts/${this.chance.oneOf(this.known)}`, body, event: 'AccountChanged' };
    }
    if (choice < 0.5 && this.subscriptions.length > 0) {
      const [id] = this.subscriptions.splice(this.chance.between(0, this.subscriptions.length - 1), 1);
      return { method: 'DELETE', path: `/v1/subscriptions/${id}`, event: 'SubscriptionCanceled' };
    }
    if (choice < 0.75 && this.accounts.length > 0) {
      // Once for each: an account with many invoices in a day would look impossible, and be parked.
      const [accountId] = this.accounts.splice(this.chance.between(0, this.accounts.length - 1), 1);
      return newSubscription(accountId!);
    }
    return newAccount();
  }

  async perform(operation: Operation): Promise<string> {
    const key = newId();
    const startedMs = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.call(operation, key);
      const comeBack =
        answer === null || answer.status >= 500 || answer.code === 'idempotency_key_in_use' || answer.code === 'version_conflict';
      if (comeBack && performance.now() - startedMs < GIVE_UP_MS) {
        await pause(Math.min(LONGEST_PAUSE_MS, 20 * 2 ** Math.min(attempt, 6)));
        continue;
      }
      if (!answer || answer.status >= 300) {
        this.refusals.push(`${operation.method} ${operation.path}: ${answer ? `${answer.status} ${answer.code}` : 'no answer'}`);
        return '';
      }
      if (!operation.isOnClock) this.remember(operation, answer.id);
      this.acknowledged += 1;
      return answer.id;
    }
  }

  private remember({ event }: Operation, id: string): void {
    if (event === 'AccountCreated') {
      this.known.push(id);
      this.accounts.push(id);
    }
    if (event === 'SubscriptionStarted') this.subscriptions.push(id);
  }

  private async isReady(clock: string): Promise<boolean> {
    const headers = { Authorization: `Bearer ${this.addresses.apiKey}` };
    try {
      const answer = await fetch(`${this.baseUrl()}${clock}`, { headers, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
      return ((await answer.json()) as { status: unknown }).status === 'ready';
    } catch {
      return false;
    }
  }

  private baseUrl(): string {
    return this.chance.oneOf(this.addresses.baseUrls);
  }

  /** Null when nobody knows what became of it. */
  private async call({ method, path, body, event }: Operation, key: string): Promise<{ status: number; id: string; code: string } | null> {
    this.operations += 1;
    const op = String(this.operations);
    const correlationId = newId();
    const begunAtMs = performance.now();
    this.write({ op, intent: { correlationId, key, event } });
    try {
      const answer = await fetch(`${this.baseUrl()}${path}`, {
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
      if (answer.status < 300) this.servedAtMs = Math.max(this.servedAtMs, begunAtMs);
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

function newAccount(onClock?: { readonly testClockId: string }): Operation {
  const body = { email: 'ada@example.com', name: 'Ada', currency: 'USD', paymentMethod: { token: 'pm_card_visa' }, ...onClock };
  return { method: 'POST', path: '/v1/accounts', body, event: 'AccountCreated', isOnClock: onClock !== undefined };
}

function newSubscription(accountId: string, isOnClock = false): Operation {
  return { method: 'POST', path: '/v1/subscriptions', body: { accountId, planCode: 'pro' }, event: 'SubscriptionStarted', isOnClock };
}
