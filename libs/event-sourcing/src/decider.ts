import { hash } from 'node:crypto';
import type { AccountId, Id, TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AnyCommand, CommandClass } from './command.js';
import type { DeclaredFields } from './declared-fields.js';
import type { AnyEvent, EventClass } from './domain-event.js';
import type { Sql } from './sql.js';

/** What a decision may know besides its state: the time of the account's clock, and facts fetched for it. */
export interface DecisionContext<Facts = undefined> {
  readonly now: Instant;
  readonly facts: Facts;
}

/** A pure decision: what follows from a command in a state. It refuses by throwing a `Refusal`. */
export type Decision<C extends AnyCommand, State, E extends AnyEvent, Facts = undefined> = (
  command: C['data'],
  state: State,
  context: DecisionContext<Facts>,
) => readonly E[];

/** A command that facts are fetched for: the state is that of its stream before the commands of the same batch. */
export interface FactsRequest<C extends AnyCommand, State = unknown> {
  readonly data: C['data'];
  readonly state: State;
  readonly now: Instant;
}

/**
 * Fetches the facts of many commands of one bucket with one query, in the order of the commands. Facts are as stored before the
 * transaction, so they only inform: see docs/decisions/0016.
 */
export type FactsLoader<C extends AnyCommand, Facts, State = unknown> = (
  sql: Sql,
  requests: readonly FactsRequest<C, State>[],
  bucket: number,
) => Promise<readonly Facts[]>;

/** Says how a command reaches its decision. */
export interface Binding {
  readonly command: CommandClass;
  readonly stream: (data: object) => Id;
  /** The account (or other stream) whose clock rules, where the command's own stream may not exist yet. */
  readonly timeOf?: (data: object) => Id;
  /** The test clock that a new stream is put on. */
  readonly clockOf?: (data: object) => TestClockId | undefined;
  /** The test clock that the command moves: held before anything is read, so that whoever comes second waits, and sees it moved. */
  readonly moves?: (data: object) => TestClockId;
  /**
   * The command begins its stream: where it follows from another, the stream is taken for new without a look. If it was there
   * already, storing the events fails, and all is decided again after a look. So what decides nothing on a new stream must
   * decide nothing on any.
   */
  readonly begins?: boolean;
  readonly facts?: FactsLoader<AnyCommand, unknown>;
  readonly decide: (data: object, state: unknown, context: DecisionContext<unknown>) => readonly AnyEvent[];
}

interface BindingOptions<C extends AnyCommand> {
  readonly stream: (data: C['data']) => Id;
  readonly timeOf?: (data: C['data']) => Id;
  readonly clockOf?: (data: C['data']) => TestClockId | undefined;
  readonly moves?: (data: C['data']) => TestClockId;
  readonly begins?: boolean;
}

/** Where decisions on one kind of stream are made: the stored events, the fold, and the table of commands. */
export interface Decider<State = unknown, E extends AnyEvent = AnyEvent> {
  /** The stream type, stored with every event. */
  readonly category: string;
  readonly events: readonly EventClass[];
  /** Whose an event is, and the timers and jobs that it sets: every event says it, or none of the stream is any account's. */
  readonly accountOf: (data: E['data']) => AccountId | null;
  readonly initialState: State;
  readonly evolve: (state: State, event: E) => State;
  /**
   * Keeps the folded state beside the stream, so that a long-lived stream is not read from its beginning.
   * `{ version: 1, fields: fieldsOf<Plan>()({}) }`: raise the version whenever `evolve` or the state's shape changes: older states are then folded anew. New events, or new
   * versions of them, have the same effect by themselves.
   */
  readonly keptState?: { readonly version: number; readonly fields: DeclaredFields<State> };
  readonly decisions: readonly TypedBinding<State, E>[];
}

/** A binding that fits a decider: its decision takes this state and returns these events. */
export interface TypedBinding<State, E extends AnyEvent> extends Binding {
  readonly fits?: (state: State) => E;
}

/** A command that is decided from its stream alone. */
export function on<C extends AnyCommand, State, E extends AnyEvent>(
  command: CommandClass<C>,
  options: BindingOptions<C> & { readonly decide: Decision<C, State, E> },
): TypedBinding<State, E> {
  return { ...options, command } as unknown as TypedBinding<State, E>;
}

/** A command that also needs facts from outside its stream; the loader fetches them for many commands at once. */
export function onWithFacts<C extends AnyCommand, State, E extends AnyEvent, Facts>(
  command: CommandClass<C>,
  options: BindingOptions<C> & { readonly facts: FactsLoader<C, Facts, State>; readonly decide: Decision<C, State, E, Facts> },
): TypedBinding<State, E> {
  return { ...options, command } as unknown as TypedBinding<State, E>;
}

const foldVersions = new WeakMap<Pick<Decider, 'events'>, number>();

/**
 * The number that folded states are kept under; undefined where none are. It follows from the events as well: while two
 * versions run side by side, the older one never takes a state for its own that holds events which it does not know.
 */
export function foldVersion(decider: Decider): number | undefined {
  if (decider.keptState === undefined) return undefined;
  let version = foldVersions.get(decider);
  if (version === undefined) {
    const known = decider.events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`);
    version = hash('sha256', [decider.keptState.version, ...known].join(), 'buffer').readUInt32BE() >>> 1;
    foldVersions.set(decider, version);
  }
  return version;
}

/** Folds events into a state. */
export function fold<State, E extends AnyEvent>(decider: Pick<Decider<State, E>, 'initialState' | 'evolve'>, events: readonly E[]): State {
  return events.reduce(decider.evolve, decider.initialState);
}
