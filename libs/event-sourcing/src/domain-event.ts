import type { AccountId, Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { DeclaredFields, type FieldList, type Fitting } from './declared-fields.js';
import type { Origin } from './origin.js';

/** A fact, as its context declares it: a name that is stored for ever, and data that JSON can hold (amounts as `Money`). */
export interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

/** Any declared event class. What its constructor takes is its own affair. */
export interface EventClass {
  new (data: never): AnyEvent;
  readonly type: string;
  readonly schemaVersion: number;
  readonly fields: DeclaredFields;
}

interface EventOptions extends FieldList {
  /** 1 unless given. */
  readonly schemaVersion?: number;
}

/**
 * The base of a one-line event class:
 * `export class PlanChanged extends DomainEvent('PlanChanged')<{ subscriptionId: SubscriptionId; … }> {}`
 *
 * Where the data has amounts of money, it says so, and does not compile before it does:
 * `export class InvoicePaid extends DomainEvent('InvoicePaid', { money: ['amountPaid'] })<{ … }> {}`
 *
 * The type name and the schema version are storage format: renaming the class is free, changing these is not.
 */
export function DomainEvent<const T extends string, const F extends EventOptions = object>(type: T, options?: F) {
  const fields = new DeclaredFields(options ?? {});
  return class DeclaredEvent<D extends object & Fitting<D, F>> {
    static readonly type: T = type;
    static readonly schemaVersion: number = options?.schemaVersion ?? 1;
    static readonly fields = fields;
    readonly type: T = type;

    constructor(readonly data: D) {}
  };
}

/** Which stream an event belongs to, when it takes effect, and what led to it: known as soon as it is decided. */
export interface EventContext {
  readonly bucket: number;
  readonly streamType: string;
  readonly streamId: Id;
  /** Dense within the stream, from 1. */
  readonly version: number;
  readonly eventId: Id;
  /** Whose event it is; null where it is no account's. */
  readonly accountId: AccountId | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: string;
  readonly origin: Origin | null;
  /** The time of the account's clock: what decisions and read models go by. */
  readonly effectiveAt: Instant;
}

/** The same, once it is recorded. */
export interface EventMeta extends EventContext {
  /** Dense within the bucket, and in commit order. */
  readonly position: bigint;
}

/** An event with what is known of it before it is stored. */
export interface DecidedEvent<E extends AnyEvent = AnyEvent> {
  readonly event: E;
  readonly meta: EventContext;
}

export interface RecordedEvent<E extends AnyEvent = AnyEvent> {
  readonly event: E;
  readonly meta: EventMeta;
}

/** The union of a tuple of event classes, so that the list and the type cannot drift apart. */
export type EventOf<Classes extends readonly EventClass[]> = InstanceType<Classes[number]>;
