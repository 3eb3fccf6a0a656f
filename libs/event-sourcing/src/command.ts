import type { AccountId, Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { RecordedEvent } from './domain-event.js';
import type { Origin } from './origin.js';
import type { Sql } from './sql.js';
import type { UniqueName } from './unique-name.js';

/** Who asks, why, and under which guarantees. The edge fills it in; timers and sagas carry it on. */
export interface CommandMeta {
  readonly actor: string;
  readonly origin?: Origin;
  readonly correlationId: string;
  readonly causationId?: string | null;
  /** Refuse unless the stream is at this version (`If-Match`). */
  readonly expectedVersion?: number;
  /** One effect and one answer per key: recorded in the command's own transaction. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
  /** Names that only this stream may have, claimed in the command's own transaction; whoever comes second is refused. */
  readonly names?: readonly UniqueName[];
  /** Renders the answer inside the transaction, so that a repetition gets the same bytes. */
  readonly answer?: (sql: Sql, outcome: Outcome) => Promise<Answer>;
  /** When the cause took effect; on a test clock it is the time of the command, so that simulated effects take no time. */
  readonly causeEffectiveAt?: Instant;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Whose person it shows: it is kept sealed with the key of that account. */
  readonly person?: AccountId;
}

/** What a command did. */
export interface Outcome {
  readonly streamId: Id;
  /** The stream's version afterwards. */
  readonly version: number;
  /** Everything recorded by the command and by the reactions that settled with it, in order. */
  readonly events: readonly RecordedEvent[];
  readonly answer: Answer | null;
  /** True when the key was known: nothing was done, the recorded answer is given again. */
  readonly replayed: boolean;
}

export interface AnyCommand {
  readonly type: string;
  readonly data: object;
  readonly meta?: CommandMeta;
}

export interface CommandClass<C extends AnyCommand = AnyCommand> {
  new (data: C['data'], meta?: CommandMeta): C;
  readonly type: string;
}

/**
 * The base of a command class, named by its file:
 * `export class ChangePlan extends Command('ChangePlan')<{ subscriptionId: SubscriptionId; … }> {}`
 */
export function Command<const T extends string>(type: T) {
  return class DeclaredCommand<D extends object> {
    static readonly type: T = type;
    readonly type: T = type;

    constructor(
      readonly data: D,
      readonly meta?: CommandMeta,
    ) {}
  };
}
