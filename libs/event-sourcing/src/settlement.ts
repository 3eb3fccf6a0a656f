import type { Id, TestClockId } from '#kernel/ids.js';
import { derivedId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AnyCommand } from './command.js';
import type { Decider } from './decider.js';
import type { AnyEvent, EventContext } from './domain-event.js';
import type { PendingEvent, StreamHead } from './event-store.js';
import type { Effect, Enqueue } from './reaction.js';
import { versionConflict } from './refusals.js';
import type { Sql } from './sql.js';
import type { TimerChange } from './timers.js';
import type { BoundCommand, Vocabulary } from './vocabulary.js';

/** A command to settle, with the time it is decided at. */
export interface Request {
  readonly command: AnyCommand;
  readonly now: Instant;
  readonly clockId: TestClockId | null;
}

/** An event of a batch, and which of the batch's commands it came from. */
export interface SettledEvent extends PendingEvent {
  readonly root: number;
}

export interface PendingJob {
  readonly job: Enqueue;
  readonly clockId: TestClockId | null;
}

/** All that a batch changes, decided in memory: nothing is written before all of it is known. */
export interface Settled {
  readonly events: readonly SettledEvent[];
  readonly timers: readonly TimerChange[];
  readonly jobs: readonly PendingJob[];
  /** The streams as they are in the database, and as they will be. */
  readonly before: ReadonlyMap<Id, StreamHead>;
  readonly after: ReadonlyMap<Id, StreamHead>;
  /** New streams that live on a test clock. */
  readonly clocked: ReadonlyMap<Id, TestClockId>;
  /** The commands that were not done, each with its reason. The others are not touched by them. */
  readonly failures: ReadonlyMap<number, Error>;
}

interface Unit extends Request {
  readonly root: number;
  readonly binding: BoundCommand;
  readonly streamId: Id;
  readonly causationId: string | null;
}

/** Follow-ups of follow-ups end somewhere; a chain that does not is a mistake in the reactions. */
const MAX_ROUNDS = 8;

export type LoadHeads = (wanted: ReadonlyMap<Id, Decider>) => Promise<Map<Id, StreamHead>>;

/**
 * Decides a batch of commands of one bucket and everything that settles with them, round by round: the streams and
 * facts of a round are fetched with one query each, then every command is decided in memory. A command that fails is
 * taken out with all that followed from it, and the batch is decided again without it.
 */
export async function settle(sql: Sql, vocabulary: Vocabulary, bucket: number, requests: readonly Request[], load: LoadHeads): Promise<Settled> {
  const loaded = new Map<Id, StreamHead>();
  const failures = new Map<number, Error>();
  for (;;) {
    const attempt = new Attempt(sql, vocabulary, bucket, loaded, load);
    const failed = await attempt.run(requests, failures);
    if (!failed) return attempt.settled(failures);
    failures.set(failed.root, failed.error);
  }
}

class Attempt {
  private readonly after = new Map<Id, StreamHead>();
  private readonly events: SettledEvent[] = [];
  private readonly timers: TimerChange[] = [];
  private readonly jobs: PendingJob[] = [];
  private readonly clocked = new Map<Id, TestClockId>();

  constructor(
    private readonly sql: Sql,
    private readonly vocabulary: Vocabulary,
    private readonly bucket: number,
    private readonly loaded: Map<Id, StreamHead>,
    private readonly load: LoadHeads,
  ) {}

  /** Undefined when all went well, else the command that failed first. */
  async run(requests: readonly Request[], without: ReadonlyMap<number, Error>): Promise<{ root: number; error: Error } | undefined> {
    let units = requests.flatMap((request, root) => (without.has(root) ? [] : [this.unit(request, root, request.command.meta?.causationId ?? null)]));
    for (let round = 0; units.length > 0; round += 1) {
      if (round === MAX_ROUNDS) return { root: units[0]!.root, error: new Error(`Reactions do not end: ${units[0]!.command.type} is the ${round}th in a row.`) };
      await this.fetchHeads(units);
      const facts = await this.fetchFacts(units);
      const next: Unit[] = [];
      for (const unit of units) {
        try {
          next.push(...this.decide(unit, facts.get(unit)));
        } catch (error) {
          return { root: unit.root, error: error as Error };
        }
      }
      units = next;
    }
    return undefined;
  }

  settled(failures: ReadonlyMap<number, Error>): Settled {
    const { events, timers, jobs, after, clocked } = this;
    return { events, timers, jobs, before: this.loaded, after, clocked, failures };
  }

  private unit(request: Request, root: number, causationId: string | null): Unit {
    const binding = this.vocabulary.bindingOf(request.command.type);
    return { ...request, root, binding, streamId: binding.stream(request.command.data), causationId };
  }

  private async fetchHeads(units: readonly Unit[]): Promise<void> {
    const wanted = new Map<Id, Decider>();
    for (const { streamId, binding } of units) if (!this.loaded.has(streamId)) wanted.set(streamId, binding.decider);
    if (wanted.size === 0) return;
    for (const [id, head] of await this.load(wanted)) this.loaded.set(id, head);
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
        group.map(({ command }) => command.data as AnyCommand),
      );
      group.forEach((unit, index) => found.set(unit, facts[index]));
    }
    return found;
  }

  private decide(unit: Unit, facts: unknown): Unit[] {
    const { streamId, binding, command, now } = unit;
    const head = this.after.get(streamId) ?? this.loaded.get(streamId)!;
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
      const meta = this.contextOf(unit, version);
      this.events.push({ event, meta, root: unit.root });
      followUps.push(...this.react(unit, event, meta));
    }
    if (events.length > 0) this.after.set(streamId, { ...head, state, version });
    return followUps;
  }

  private contextOf(unit: Unit, version: number): EventContext {
    return {
      bucket: this.bucket,
      streamType: unit.binding.decider.category,
      streamId: unit.streamId,
      version,
      // Derived, so that the same decision on the same stream is the same event whether it is settled alone or in a batch.
      eventId: derivedId(unit.streamId, `event/${version}`),
      correlationId: unit.command.meta!.correlationId,
      causationId: unit.causationId,
      actor: unit.command.meta!.actor,
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
      return new declared(effect.data, { actor: meta.actor, correlationId: meta.correlationId });
    }
    if (effect.effect === 'enqueue') this.jobs.push({ job: effect, clockId: unit.clockId });
    else this.timers.push({ effect, clockId: unit.clockId, correlationId: meta.correlationId, causationId: meta.eventId });
    return undefined;
  }
}
