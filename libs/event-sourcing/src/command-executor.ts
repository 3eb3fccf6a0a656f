import { faultPoint } from '#kernel/fault-point.js';
import type { Id, TestClockId } from '#kernel/ids.js';
import { bucketOf } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AccountKeys, Keyring } from './account-keys.js';
import type { Clock } from './clock.js';
import type { Answer, AnyCommand, CommandMeta, Outcome } from './command.js';
import type { Decider } from './decider.js';
import type { DecidedEvent, RecordedEvent } from './domain-event.js';
import type { Doorbell } from './doorbell.js';
import { erasureStatements } from './erasure.js';
import type { EventStore, PendingEvent, StreamHead } from './event-store.js';
import { StreamMoved } from './event-store.js';
import { claimKey, keepAnswer, releaseKey } from './idempotency.js';
import { jobStatements, rungAtOnce } from './jobs.js';
import { keptStateStatements } from './kept-state.js';
import { ledgerStatements } from './ledger.js';
import type { ReadModel } from './read-model.js';
import { testClockAdvancing, testClockUnknown, versionConflict } from './refusals.js';
import { statementsFor } from './row-changes.js';
import { assignNumbers } from './series.js';
import type { Request, Settled } from './settlement.js';
import { settle } from './settlement.js';
import { allAnswered, contradictsStored, type Database, type Sql, type Statement } from './sql.js';
import type { TestTime } from './timeline.js';
import { joinClocks, lockTestClocks, testTime, testTimesOf } from './timeline.js';
import type { DueTimer } from './timers.js';
import { timerStatements } from './timers.js';
import { Transaction } from './transaction.js';
import { claimName } from './unique-name.js';
import type { Vocabulary } from './vocabulary.js';

/** The result of one command of a batch. */
export type Result = { readonly outcome: Outcome } | { readonly error: Error };

/** How often a command is decided again because its stream moved while it was decided. */
const MAX_ATTEMPTS = 3;

/**
 * The one way from commands to facts: load, decide in memory, then write everything that follows in one transaction of
 * one bucket. A single command is a batch of one.
 */
export class CommandExecutor {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly vocabulary: Vocabulary,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly keys: AccountKeys,
  ) {}

  /** Executes one command; throws its refusal. */
  async execute(command: AnyCommand): Promise<Outcome> {
    const binding = this.vocabulary.bindingOf(command.type);
    const bucket = bucketOf(binding.stream(command.data));
    const [result] = await this.inTransaction(bucket, (transaction) => this.executeIn(transaction, [command]));
    if ('error' in result!) throw result.error;
    return result!.outcome;
  }

  /**
   * Runs the work in a transaction, again when a stream moved meanwhile; rings the doorbell after the commit. A single
   * command's refusal takes the whole transaction back. `insist` locks the bucket before anything is read: for batches,
   * which are dearer to decide again than their bucket is to hold.
   */
  async inTransaction<T extends readonly Result[]>(
    bucket: number,
    work: (transaction: Transaction) => Promise<T>,
    { insist = false } = {},
  ): Promise<T> {
    for (let count = 1; ; count += 1) {
      let transaction: Transaction | undefined;
      try {
        const results = await this.database.transaction(async (sql) => {
          transaction = new Transaction(sql, bucket, insist || count > 1, count === 1);
          const settled = await work(transaction);
          const only = settled.length === 1 ? settled[0]! : undefined;
          if (only && 'error' in only) throw only.error;
          return settled;
        });
        await faultPoint('commands.before-ring');
        this.doorbell.ring(bucket, transaction!.jobs);
        await faultPoint('commands.before-reply');
        return results;
      } catch (error) {
        const mistaken = transaction?.trusted === true && contradictsStored(error);
        if (!mistaken && !(error instanceof StreamMoved)) throw error;
        if (count === MAX_ATTEMPTS) throw versionConflict(`The resource changed ${count} times while the command was decided.`);
      }
    }
  }

  /** Executes commands of the bucket in a running transaction, each at the time of its account's clock. */
  async executeIn(transaction: Transaction, commands: readonly AnyCommand[]): Promise<Result[]> {
    const { sql, bucket } = transaction;
    const results = new Array<Result>(commands.length);
    const open: number[] = [];
    await faultPoint('commands.before-key');
    for (const [index, command] of commands.entries()) {
      const replayed = await this.claim(sql, command);
      if (replayed) results[index] = replayed;
      else open.push(index);
    }
    await faultPoint('commands.after-key');
    if (open.length === 0) return results;
    const requests = await this.timed(
      sql,
      bucket,
      open.map((index) => commands[index]!),
    );
    const settled: Result[] = [];
    const heads = new Map<Id, StreamHead>();
    while (settled.length < requests.length) settled.push(...(await this.settleIn(transaction, requests.slice(settled.length), heads)));
    for (const [position, index] of open.entries()) results[index] = await this.answered(sql, commands[index]!, settled[position]!);
    await faultPoint('commands.after-answers');
    return results;
  }

  /**
   * Executes due timers of the bucket in a running transaction, each at the time it was due. There are fewer results than
   * timers where the first ones change what is due next, or one fails: look again then.
   */
  async fireIn(transaction: Transaction, timers: readonly DueTimer[]): Promise<Result[]> {
    const requests = timers.map((timer): Request => {
      const declared = this.vocabulary.commandClass(timer.command);
      const meta = { actor: `timer:${timer.timer}`, correlationId: timer.correlationId, causationId: timer.causationId };
      const command = new declared(timer.data, meta);
      return { command, now: timer.dueAt, clockId: timer.clockId, timer, admission: this.admissionOf(timer, meta) };
    });
    return this.settleIn(transaction, requests, new Map());
  }

  private admissionOf({ timer, accountId }: DueTimer, meta: CommandMeta): AnyCommand | undefined {
    const asks = this.vocabulary.timer(timer).bills && accountId !== null ? this.vocabulary.admission(accountId) : undefined;
    return asks && new (this.vocabulary.commandClass(asks.type))(asks.data, meta);
  }

  /** Settles and writes the requests from the first on, as many as go in one batch. The heads are brought up to date. */
  private async settleIn(transaction: Transaction, requests: readonly Request[], heads: Map<Id, StreamHead>): Promise<Result[]> {
    const { sql, bucket, trusts } = transaction;
    if (transaction.insists) await this.store.lock(sql, bucket);
    const load = (wanted: ReadonlyMap<Id, Decider>) => this.store.load(sql, bucket, wanted);
    const settled = await settle(sql, this.vocabulary, bucket, requests, heads, { load, trust: trusts });
    if (settled.failure) return [{ error: settled.failure }];
    if (settled.trusted) transaction.trusted = true;
    const done = requests.slice(0, settled.done);
    const fired = done.flatMap(({ timer }) => (timer ? [timer] : []));
    const { recorded, after } = await this.write(transaction, settled, fired);
    const eventsOf: RecordedEvent[][] = done.map(() => []);
    for (const [index, { root }] of settled.events.entries()) eventsOf[root]!.push(recorded[index]!);
    const versions = new Map<Id, number>();
    const results = done.map((request, root): Result => {
      const events = eventsOf[root]!;
      for (const { meta } of events) versions.set(meta.streamId, meta.version);
      const streamId = this.vocabulary.bindingOf(request.command.type).stream(request.command.data);
      const version = versions.get(streamId) ?? settled.before.get(streamId)!.version;
      return { outcome: { streamId, version, events, answer: null, replayed: false } };
    });
    for (const [id, head] of after) heads.set(id, head);
    return results;
  }

  /**
   * Writes what was settled, each table with one statement, under the bucket's lock. Where numbers are given, everything
   * that does not show them comes first: their counter is shared by all buckets and held until the commit.
   */
  private async write(
    transaction: Transaction,
    decided: Settled,
    fired: readonly DueTimer[],
  ): Promise<{ recorded: RecordedEvent[]; after: ReadonlyMap<Id, StreamHead> }> {
    const { sql, bucket } = transaction;
    const keys = this.store.keysToWrite(sql, decided.events, decided.forgotten.length > 0);
    const settled = { ...decided, events: await this.shown(decided.events, keys) };
    const { events } = settled;
    const timers = timerStatements(bucket, fired, settled.timers);
    if (events.length === 0) {
      await sql.runAll(timers);
      return { recorded: [], after: settled.after };
    }
    const numbered = events.flatMap(({ event }) => {
      const rule = this.vocabulary.seriesOf(event);
      return rule ? [{ event, rule }] : [];
    });
    const showing = new Set(numbered.flatMap(({ rule }) => rule.shownIn));
    const models = Map.groupBy(this.vocabulary.readModels, (model) => (showing.has(model) ? 'late' : 'early'));
    const early = [
      ...this.rowsOf(models.get('early') ?? [], bucket, events),
      ...ledgerStatements(bucket, events, this.vocabulary),
      ...joinClocks(bucket, settled.clocked),
      ...jobStatements(bucket, settled.jobs),
      ...timers,
    ];
    if (numbered.length > 0) {
      if (!transaction.insists) await this.store.lockAt(sql, bucket, settled.before, [...settled.after.keys()]);
      await sql.runAll(early);
      await assignNumbers(sql, numbered);
    }
    await faultPoint('commands.before-events');
    const { recorded, hashes } = this.store.appending(sql, bucket, settled.before, events, await keys);
    // On their way: what breaks here meets a transaction whose append nobody has answered yet.
    await faultPoint('commands.after-events');
    const states = numbered.length > 0 ? refolded(settled) : settled.after;
    const after = new Map([...states].map(([id, head]) => [id, { ...head, hash: hashes.get(id)! }]));
    const late = [
      ...this.rowsOf(models.get('late') ?? [], bucket, events),
      ...keptStateStatements(bucket, after, events, await keys),
      ...erasureStatements(settled.forgotten, this.vocabulary.readModels),
    ];
    // Behind the append without waiting for it: where that is refused, so is all the rest.
    await allAnswered([recorded, sql.runAll(numbered.length > 0 ? late : [...early, ...late])]);
    transaction.jobs.push(...rungAtOnce(bucket, settled.jobs));
    await faultPoint('commands.after-projections');
    return { recorded: await recorded, after };
  }

  /** The events as they may be shown. The keys are waited for only where that matters; elsewhere they travel with what comes next. */
  private async shown<E extends PendingEvent>(events: readonly E[], keys: Promise<Keyring>): Promise<readonly E[]> {
    // Whoever breaks off before waiting for them has an error of its own.
    keys.catch(() => {});
    return events.some(({ event }) => this.store.isPersonal(event)) ? this.store.redacted(events, await keys) : events;
  }

  private rowsOf(models: readonly ReadModel[], bucket: number, events: readonly DecidedEvent[]): Statement[] {
    return models.flatMap((model) => {
      const heard = events.filter(({ event }) => model.hears.includes(event.type));
      return heard.length > 0 ? statementsFor(model, bucket, heard) : [];
    });
  }

  /** The recorded result when the command's key is known; undefined when the command is to be done. */
  private async claim(sql: Sql, command: AnyCommand): Promise<Result | undefined> {
    const { idempotency, names = [] } = command.meta ?? {};
    const streamId = this.vocabulary.bindingOf(command.type).stream(command.data);
    if (idempotency) {
      const { claimed, answer } = await claimKey(sql, this.keys, idempotency.key, idempotency.requestHash);
      if (!claimed) return { outcome: { streamId, version: 0, events: [], answer, replayed: true } };
    }
    // Where the command is refused after this, the transaction takes the name back with everything else.
    for (const name of names) await claimName(sql, name, streamId);
    return undefined;
  }

  private async answered(sql: Sql, command: AnyCommand, result: Result): Promise<Result> {
    if ('error' in result) {
      // In a batch the transaction goes on without the command, whose key must not stay behind.
      if (command.meta?.idempotency) await releaseKey(sql, command.meta.idempotency.key);
      return result;
    }
    if (!command.meta?.answer) return result;
    const answer: Answer = await command.meta.answer(sql, result.outcome);
    if (command.meta.idempotency) await keepAnswer(sql, this.keys, command.meta.idempotency.key, answer);
    return { outcome: { ...result.outcome, answer } };
  }

  /** Gives each command its time: what the test clock of its account shows, or the time of day. */
  private async timed(sql: Sql, bucket: number, commands: readonly AnyCommand[]): Promise<Request[]> {
    const subjects = commands.map((command) => {
      const binding = this.vocabulary.bindingOf(command.type);
      return binding.timeOf?.(command.data) ?? binding.stream(command.data);
    });
    const moved = commands.flatMap(({ type, data }) => this.vocabulary.bindingOf(type).moves?.(data) ?? []);
    if (moved.length > 0) await lockTestClocks(sql, moved);
    const times = await testTimesOf(sql, bucket, [...new Set(subjects)]);
    const requests: Request[] = [];
    for (const [index, command] of commands.entries()) requests.push(await this.request(sql, command, times.get(subjects[index]!)));
    return requests;
  }

  private async request(sql: Sql, command: AnyCommand, known: TestTime | undefined): Promise<Request> {
    const chosen = this.vocabulary.bindingOf(command.type).clockOf?.(command.data);
    const time = chosen ? await this.chosenClock(sql, chosen) : known;
    if (!time) return { command, now: this.clock.now(), clockId: null };
    const cause: Instant | undefined = command.meta?.causeEffectiveAt;
    if (time.advancing && !cause) throw testClockAdvancing(`The test clock ${time.clockId} is advancing.`);
    return { command, now: cause ?? time.now, clockId: time.clockId };
  }

  private async chosenClock(sql: Sql, clockId: TestClockId): Promise<TestTime> {
    const time = await testTime(sql, clockId);
    if (!time) throw testClockUnknown(`There is no test clock ${clockId}.`, { pointer: '/testClockId' });
    return time;
  }
}

/** The streams as they will be, folded again from the events that have their numbers now. */
function refolded({ before, after, events }: Settled): Map<Id, StreamHead> {
  const folded = new Map([...after.keys()].map((id) => [id, before.get(id)!]));
  for (const { event, meta } of events) {
    const head = folded.get(meta.streamId)!;
    folded.set(meta.streamId, { ...head, state: head.decider.evolve(head.state, event), version: meta.version });
  }
  return folded;
}
