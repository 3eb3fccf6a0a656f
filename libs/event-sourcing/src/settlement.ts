import type { AccountId, Id, TestClockId } from '#kernel/ids.js';
import { bucketOf, derivedId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AnyCommand } from './command.js';
import type { Decider } from './decider.js';
import type { AnyEvent, EventContext } from './domain-event.js';
import { newStream, type PendingEvent, type StreamHead } from './event-store.js';
import { carriedOn } from './origin.js';
import type { Effect, Enqueue, Forget, Schedule, Unschedule } from './reaction.js';
import { versionConflict } from './refusals.js';
import type { Sql } from './sql.js';
import { byDueTime, type DueTimer, type TimerChange } from './timers.js';
import type { BoundCommand, Vocabulary } from './vocabulary.js';

/** A command to settle, with the time it is decided at. */
export interface Request {
  readonly command: AnyCommand;
  readonly now: Instant;
  readonly clockId: TestClockId | null;
  /** The timer that has fallen due with it. */
  readonly timer?: DueTimer;
  /** What is decided before it, and may refuse it. */
  readonly admission?: AnyCommand;
}

/** An event of a batch, and which of the batch's commands it came from. */
export interface SettledEvent extends PendingEvent {
  readonly root: number;
}

export interface PendingJob {
  readonly job: Enqueue;
  readonly accountId: AccountId | null;
  readonly clockId: TestClockId | null;
}

/** All that a batch changes, decided in memory: nothing is written before all of it is known. */
export interface Settled {
  /** How many of the requests are settled, from the first on. The others must see this written before they are decided. */
  readonly done: number;
  readonly events: readonly SettledEvent[];
  readonly timers: readonly TimerChange[];
  readonly jobs: readonly PendingJob[];
  /** Keys that are erased. */
  readonly forgotten: readonly Forget[];
  /** The streams as they are in the database, and as they will be. */
  readonly before: ReadonlyMap<Id, StreamHead>;
  readonly after: ReadonlyMap<Id, StreamHead>;
  /** New streams that live on a test clock. */
  readonly clocked: ReadonlyMap<Id, TestClockId>;
  /** Whether a stream was taken for new without a look: where that was wrong, storing fails. */
  readonly trusted: boolean;
  /** Why the first command was not done: then it is the only one settled. */
  readonly failure: Error | null;
}

interface Unit extends Request {
  readonly root: number;
  readonly binding: BoundCommand;
  readonly streamId: Id;
  readonly causationId: string | null;
}

/** Follow-ups of follow-ups end somewhere; a chain that does not is a mistake in the reactions. */
export const MAX_ROUNDS = 8;

/** A command that fails, or that must wait for what follows from those before it. */
interface Obstacle {
  readonly root: number;
  readonly error: Error | null;
}

/** How a batch gets to know its streams. */
export interface Streams {
  readonly load: (wanted: ReadonlyMap<Id, Decider>) => Promise<Map<Id, StreamHead>>;
  /** Takes the stream of a follow-up that begins one for new, without a look. */
  readonly trust: boolean;
}

/**
 * Decides a batch of commands of one bucket and everything that settles with them, round by round: the streams and
 * facts of a round are fetched with one query each, then every command is decided in memory.
 *
 * The result is that of the same commands one after the other. So the batch ends early, before a command that fails, or
 * whose stream or timer is reached by what follows from an earlier one: that command comes first in the next batch, where
 * nothing can concern it any more.
 */
export async function settle(
  sql: Sql,
  vocabulary: Vocabulary,
  bucket: number,
  requests: readonly Request[],
  loaded: Map<Id, StreamHead>,
  streams: Streams,
): Promise<Settled> {
  let { trust } = streams;
  for (let done = requests.length; ; ) {
    const attempt = new Attempt(sql, vocabulary, bucket, requests.slice(0, done), loaded, { ...streams, trust });
    const obstacle = await attempt.run();
    if (!obstacle) return attempt.settled();
    if (obstacle.root === 0 && !attempt.trusted) return notDone(loaded, obstacle.error);
    // The first command fails, and the reason may be what was not looked at.
    if (obstacle.root === 0) trust = false;
    done = Math.max(1, obstacle.root);
  }
}

function notDone(before: ReadonlyMap<Id, StreamHead>, failure: Error | null): Settled {
  return {
    done: 1,
    events: [],
    timers: [],
    jobs: [],
    forgotten: [],
    before,
    after: new Map(),
    clocked: new Map(),
    trusted: false,
    failure,
  };
}

class Attempt {
  private readonly after = new Map<Id, StreamHead>();
  /** Streams that are taken for new. */
  private readonly begun = new Map<Id, StreamHead>();
  private readonly events: SettledEvent[] = [];
  private readonly timers: (TimerChange & { readonly root: number })[] = [];
  private readonly jobs: PendingJob[] = [];
  private readonly forgotten: Forget[] = [];
  private readonly clocked = new Map<Id, TestClockId>();
  /** The latest command that each stream has been decided with. */
  private readonly decidedWith = new Map<Id, number>();
  private readonly decided: Unit[] = [];
  private readonly dueTimers: ReadonlyMap<string, number>;
  /** The first command that a change of timers comes before. */
  private overtaken = Number.POSITIVE_INFINITY;

  constructor(
    private readonly sql: Sql,
    private readonly vocabulary: Vocabulary,
    private readonly bucket: number,
    private readonly requests: readonly Request[],
    private readonly loaded: Map<Id, StreamHead>,
    private readonly streams: Streams,
  ) {
    this.dueTimers = new Map(requests.flatMap(({ timer }, root) => (timer ? [[nameOf(timer), root]] : [])));
  }

  /** Undefined when all went well. */
  async run(): Promise<Obstacle | undefined> {
    let units = this.requests.flatMap((request, root) => this.unitsOf(request, root));
    for (let round = 0; units.length > 0; round += 1) {
      if (round === MAX_ROUNDS)
        return { root: units[0]!.root, error: new Error(`Reactions do not end: ${units[0]!.command.type} is the ${round}th in a row.`) };
      await this.fetchHeads(units, round > 0);
      const facts = await this.fetchFacts(units);
      const next: Unit[] = [];
      for (const unit of units) {
        const latest = this.decidedWith.get(unit.streamId) ?? 0;
        if (latest > unit.root) return { root: this.firstDecidedAfter(unit), error: null };
        this.decidedWith.set(unit.streamId, unit.root);
        this.decided.push(unit);
        try {
          next.push(...this.decide(unit, facts.get(unit)));
        } catch (error) {
          return { root: unit.root, error: error as Error };
        }
        if (this.overtaken < this.requests.length) return { root: this.overtaken, error: null };
      }
      units = next;
    }
    return undefined;
  }

  get trusted(): boolean {
    return this.begun.size > 0;
  }

  /** In the order of the commands, whichever round it was decided in. */
  settled(): Settled {
    const { jobs, forgotten, after, clocked, trusted } = this;
    const before = trusted ? new Map([...this.begun, ...this.loaded]) : this.loaded;
    const events = this.events.sort((a, b) => a.root - b.root);
    const timers = this.timers.sort((a, b) => a.root - b.root);
    return { done: this.requests.length, events, timers, jobs, forgotten, before, after, clocked, trusted, failure: null };
  }

  /** The first later command that the unit's stream was decided with: it must see what the unit does. */
  private firstDecidedAfter({ streamId, root }: Unit): number {
    return Math.min(...this.decided.filter((other) => other.streamId === streamId && other.root > root).map((other) => other.root));
  }

  private unitsOf(request: Request, root: number): Unit[] {
    const { command, admission } = request;
    const commands = admission ? [admission, command] : [command];
    return commands.map((each) => this.unit({ ...request, command: each }, root, command.meta?.causationId ?? null));
  }

  private unit(request: Request, root: number, causationId: string | null): Unit {
    const binding = this.vocabulary.bindingOf(request.command.type);
    return { ...request, root, binding, streamId: binding.stream(request.command.data), causationId };
  }

  private async fetchHeads(units: readonly Unit[], followUps: boolean): Promise<void> {
    const wanted = new Map<Id, Decider>();
    for (const { streamId, binding } of units) {
      if (this.loaded.has(streamId) || this.after.has(streamId)) continue;
      if (followUps && this.streams.trust && binding.begins) this.begun.set(streamId, newStream(binding.decider));
      else wanted.set(streamId, binding.decider);
    }
    if (wanted.size === 0) return;
    for (const [id, head] of await this.streams.load(wanted)) this.loaded.set(id, head);
  }

  private async fetchFacts(units: readonly Unit[]): Promise<Map<Unit, unknown>> {
    const found = new Map<Unit, unknown>();
    const groups = new Map<BoundCommand, Unit[]>();
    for (const unit of units) {
      if (!unit.binding.facts) continue;
      const group = groups.get(unit.binding);
      if (group) group.push(unit);
      else groups.set(unit.binding, [unit]);
    }
    for (const [binding, group] of groups) {
      const facts = await binding.facts!(
        this.sql,
        group.map((unit) => ({ data: unit.command.data, state: this.headOf(unit).state, now: unit.now })),
        this.bucket,
      );
      for (const [index, unit] of group.entries()) found.set(unit, facts[index]);
    }
    return found;
  }

  private headOf({ streamId }: Unit): StreamHead {
    return this.after.get(streamId) ?? this.loaded.get(streamId) ?? this.begun.get(streamId)!;
  }

  private decide(unit: Unit, facts: unknown): Unit[] {
    const { streamId, binding, command, now } = unit;
    this.mustBeHere(streamId, command.type);
    const head = this.headOf(unit);
    const expected = command.meta?.expectedVersion;
    if (expected !== undefined && expected !== head.version) {
      throw versionConflict(`The resource is at version ${head.version}, not at ${expected}.`);
    }
    const events = binding.decide(command.data, head.state, { now, facts });
    if (events.length > 0 && head.version === 0 && unit.clockId) this.clocked.set(streamId, unit.clockId);
    let { state, version } = head;
    const followUps: Unit[] = [];
    for (const event of events) {
      version += 1;
      state = binding.decider.evolve(state, event);
      const meta = this.contextOf(unit, event, version);
      this.events.push({ event, meta, root: unit.root });
      followUps.push(...this.react(unit, event, meta));
    }
    if (events.length > 0) this.after.set(streamId, { ...head, state, version });
    return followUps;
  }

  private contextOf(unit: Unit, event: AnyEvent, version: number): EventContext {
    const accountId = unit.binding.decider.accountOf(event.data);
    if (accountId !== null) this.mustBeHere(accountId, event.type);
    return {
      bucket: this.bucket,
      streamType: unit.binding.decider.category,
      streamId: unit.streamId,
      version,
      // Derived, so that the same decision on the same stream is the same event whether it is settled alone or in a batch.
      eventId: derivedId(unit.streamId, `event/${version}`),
      accountId,
      correlationId: unit.command.meta!.correlationId,
      causationId: unit.causationId,
      actor: unit.command.meta!.actor,
      origin: unit.command.meta!.origin ?? null,
      effectiveAt: unit.now,
    };
  }

  private react(unit: Unit, event: AnyEvent, meta: EventContext): Unit[] {
    const followUps: Unit[] = [];
    for (const reaction of this.vocabulary.reactionsWith(event)) {
      for (const effect of reaction.react(event, meta)) {
        const command = this.take(effect, unit, meta);
        if (command) followUps.push(this.unit({ ...unit, command }, unit.root, meta.eventId));
      }
    }
    return followUps;
  }

  /** Notes a timer or a job; a command is handed back, carrying on who asked and why. */
  private take(effect: Effect, unit: Unit, meta: EventContext): AnyCommand | undefined {
    if (!('effect' in effect)) {
      const declared = this.vocabulary.commandClass(effect.type);
      return new declared(effect.data, { actor: meta.actor, origin: carriedOn(meta.origin), correlationId: meta.correlationId });
    }
    if (effect.effect === 'enqueue') {
      this.mustBeHere(effect.jobId, effect.kind);
      this.jobs.push({ job: effect, accountId: meta.accountId, clockId: unit.clockId });
      return undefined;
    }
    if (effect.effect === 'forget') {
      this.mustBeHere(effect.accountId, 'An erasure');
      this.forgotten.push(effect);
      return undefined;
    }
    this.mustBeHere(effect.streamId, effect.timer);
    if (this.vocabulary.timer(effect.timer).bills && meta.accountId === null)
      throw new Error(`The timer ${effect.timer} bills, but ${meta.streamType} ${meta.streamId} is no account's.`);
    const { accountId, correlationId, eventId: causationId } = meta;
    this.timers.push({ effect, accountId, clockId: unit.clockId, correlationId, causationId, root: unit.root });
    this.overtaken = Math.min(this.overtaken, this.firstOvertakenBy(effect, unit.root));
    return undefined;
  }

  /** The first later timer of the batch that the change cancels or sets anew, or before which a newly set one is due. */
  private firstOvertakenBy(change: Schedule | Unschedule, root: number): number {
    const same = this.dueTimers.get(nameOf(change)) ?? -1;
    const changed = same > root ? same : Number.POSITIVE_INFINITY;
    if (this.dueTimers.size === 0 || change.effect === 'unschedule') return changed;
    const comesBefore = ({ timer }: Request): boolean => timer !== undefined && byDueTime(change, timer) < 0;
    if (!comesBefore(this.requests.at(-1)!)) return changed;
    const after = this.requests.findIndex((request, index) => index > root && comesBefore(request));
    return after < 0 ? changed : Math.min(changed, after);
  }

  private mustBeHere(id: Id, what: string): void {
    if (bucketOf(id) === this.bucket) return;
    throw new Error(
      `${what} concerns ${id}, which is not in bucket ${this.bucket}: only a reaction that settles after the fact may reach it.`,
    );
  }
}

const nameOf = ({ streamId, timer }: { readonly streamId: Id; readonly timer: string }): string => `${streamId}/${timer}`;
