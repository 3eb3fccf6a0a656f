import type { AccountId, Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AnyCommand } from './command.js';
import type { KeyPurpose } from './declared-fields.js';
import type { AnyEvent, EventClass, EventContext, EventOf } from './domain-event.js';
import type { Timer } from './timer.js';

/** A command that is due at a time: a row, so that waiting survives everything. One for each name and stream. */
export interface Schedule {
  readonly effect: 'schedule';
  readonly timer: string;
  readonly streamId: Id;
  readonly dueAt: Instant;
  readonly command: AnyCommand;
}

export interface Unschedule {
  readonly effect: 'unschedule';
  readonly timer: string;
  readonly streamId: Id;
}

/** Work outside the database, done at least once by a worker after the commit. The payload holds ids only. */
export interface Enqueue {
  readonly effect: 'enqueue';
  readonly kind: string;
  /** In the account's bucket; the same id is enqueued once. */
  readonly jobId: Id;
  readonly payload: Readonly<Record<string, string>>;
  /** Not before this moment of real time; at once when absent. */
  readonly runAt?: Instant;
}

/** A key of the account is erased, in the transaction of the fact: what was sealed with it reads as `[erased]` from then on, for good. */
export interface Forget {
  readonly effect: 'forget';
  readonly accountId: AccountId;
  readonly purpose: KeyPurpose;
}

export type Effect = AnyCommand | Schedule | Unschedule | Enqueue | Forget;

/**
 * When this has happened, do that. Pure.
 *
 * `with`: settles in the transaction of the fact, for the same account only. Commands are decided and written together
 * with it, and a refusal takes the fact back: for what must never be seen half done.
 * `after`: delivered by the relay once the fact is committed, at least once and in order: for other accounts, and for
 * whatever must not be able to hold up the fact. Commands only.
 */
export interface Reaction {
  readonly settles: 'with' | 'after';
  readonly hears: readonly EventClass[];
  readonly react: (event: AnyEvent, meta: EventContext) => readonly Effect[];
}

export function whenever<const Classes extends readonly EventClass[], Settles extends 'with' | 'after'>(
  hears: Classes,
  settles: Settles,
  react: (event: EventOf<Classes>, meta: EventContext) => readonly (Settles extends 'with' ? Effect : AnyCommand)[],
): Reaction {
  return { hears, settles, react: react as Reaction['react'] };
}

export function schedule<C extends AnyCommand>({ name, command }: Timer<C>, streamId: Id, dueAt: Instant, data: C['data']): Schedule {
  return { effect: 'schedule', timer: name, streamId, dueAt, command: new command(data) };
}

export function unschedule({ name }: { readonly name: string }, streamId: Id): Unschedule {
  return { effect: 'unschedule', timer: name, streamId };
}

export function enqueue(kind: string, jobId: Id, payload: Readonly<Record<string, string>>, runAt?: Instant): Enqueue {
  return { effect: 'enqueue', kind, jobId, payload, runAt };
}

export function forget(accountId: AccountId, purpose: KeyPurpose): Forget {
  return { effect: 'forget', accountId, purpose };
}
