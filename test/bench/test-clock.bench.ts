import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Clock } from '#event-sourcing/clock.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { DurableReader } from '#event-sourcing/durable-reader.js';
import { RELAY_READER } from '#event-sourcing/event-sourcing.module.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { JobStore } from '#event-sourcing/jobs.js';
import { Database } from '#event-sourcing/sql.js';
import { TestClockRunner } from '#event-sourcing/test-clock-runner.js';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { newId, type TestClockId } from '#kernel/ids.js';
import { fromEpochMs, type Instant, instant } from '#kernel/instant.js';
import { loadConfig } from '#platform/config/config.js';
import { arriveAt } from '#test-clocks/contract.js';
import { AdvanceTestClock } from '#test-clocks/test-clock/advance-test-clock.js';
import { CreateTestClock } from '#test-clocks/test-clock/create-test-clock.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { type BenchServer, startBenchServer } from './bench-database.js';
import { type Engine, SetClock } from './engine.js';
import { rounds, size } from './options.js';
import { makePortfolio, publishPlan } from './portfolio.js';
import { median, print, progress, seconds } from './report.js';

const GOAL = 1.5;
const JOBS_AT_ONCE = 16;
const START = instant('2026-01-01T00:00:00Z');
const meta = { actor: 'bench', correlationId: 'bench' };

/** The same customers in a database of their own, on a test clock or in real time. */
interface Side {
  readonly name: string;
  readonly app: TestingModule;
  passUpTo(target: Instant): Promise<void>;
  readonly runs: number[];
}

/**
 * P9: twelve months of the same subscriptions, on a test clock and in real time, where a clock of the bench's own stands
 * at one due moment after the other. Both sides do all that a worker does, in one process: due timers, reactions after
 * the fact, jobs. No gateway on either side: a job of collecting is claimed and finished, and charges nothing. The
 * renewals are spread over the days of the month, so that a year has some three hundred moments.
 */
export async function testClock(): Promise<void> {
  const subscriptions = size(1_000);
  const server = await startBenchServer();
  const sides: Side[] = [];
  try {
    sides.push(await onTestClock(server, subscriptions), await inRealTime(server, subscriptions));
    // The first year warms both up and does not count.
    for (let round = 0; round <= rounds(); round += 1) {
      const target = instant(`${2027 + round}-01-01T00:00:00Z`);
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const took = await seconds(() => side.passUpTo(target));
        if (round > 0) side.runs.push(took);
        progress(`  round ${round}, ${side.name}: ${took.toFixed(2)} s`);
      }
    }
    await sameInvoices(sides, subscriptions);
    report(sides, subscriptions);
  } finally {
    for (const { app } of sides) await app.close();
    await server.stop();
  }
}

async function onTestClock(server: BenchServer, subscriptions: number): Promise<Side> {
  const { app, engine, relay, jobs } = await application(server, 'on_clock');
  const commands = app.get(CommandBus, { strict: false });
  const clocks = new TestClockRunner(engine.database, engine.timers, relay, jobs, arriveAt(commands));
  const testClockId: TestClockId = newId();
  await engine.executor.execute(new CreateTestClock({ testClockId, now: START }, meta));
  await populate(engine, subscriptions, testClockId);
  const passUpTo = async (to: Instant) => {
    await engine.executor.execute(new AdvanceTestClock({ testClockId, to }, meta));
    await clocks.advance(testClockId);
  };
  return { name: 'on a test clock', app, passUpTo, runs: [] };
}

async function inRealTime(server: BenchServer, subscriptions: number): Promise<Side> {
  const { app, engine, relay, jobs } = await application(server, 'in_real_time');
  await populate(engine, subscriptions, null);
  const { database, timers, clock } = engine;
  const passUpTo = async (target: Instant) => {
    for (let next = await nextDue(database, target); next; next = await nextDue(database, target)) {
      clock.current = next;
      for (const bucket of await timers.bucketsWithWork()) await timers.fireDue(bucket);
      while ((await relay.drain()) + (await jobs.runDue(JOBS_AT_ONCE)) > 0);
    }
  };
  return { name: 'in real time', app, passUpTo, runs: [] };
}

async function application(server: BenchServer, name: string) {
  const { url } = await server.database(name);
  const config = loadConfig({ DATABASE_URL: url, PERENNIAL_MASTER_KEY: TEST_MASTER_KEY, DATABASE_POOL_SIZE: '20', LOG_LEVEL: 'warn' });

  @Module({ imports: [ApiModule.of(config)] })
  class BenchApp {}

  const clock = new SetClock();
  const app = await Test.createTestingModule({ imports: [BenchApp] })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  await app.init();
  const part = <T>(token: abstract new (...args: never[]) => T): T => app.get(token, { strict: false });
  const [database, executor, incidents] = [part(Database), part(CommandExecutor), part(Incidents)];
  incidents.listen(({ what, error }) => progress(`  ${what}: ${error.message}`));
  const engine: Engine = {
    vocabulary: part(Vocabulary),
    database,
    store: part(EventStore),
    clock,
    incidents,
    executor,
    timers: part(TimerRunner),
  };
  const jobs = new JobRunner(part(JobStore), executor, incidents);
  jobs.register({ kind: 'payments.collect', run: async (_, finish) => void (await finish()) });
  const relay = app.get<DurableReader>(RELAY_READER, { strict: false });
  return { app, engine, relay, jobs };
}

async function populate(engine: Engine, subscriptions: number, testClockId: TestClockId | null): Promise<void> {
  let made = 0;
  const anchorDay = () => {
    made += 1;
    return (made % 28) + 1;
  };
  await publishPlan(engine);
  // One at a time, so that both sides have the same customers on the same days.
  await makePortfolio(engine, subscriptions, 1, { testClockId, anchorDay });
}

async function nextDue(database: Database, target: Instant): Promise<Instant | null> {
  const [row] = await database.query<{ due: Date | null }>(
    'select min(due_at) as due from es.timer where clock_id is null and set_aside_at is null and due_at <= $1::timestamptz',
    [target],
  );
  return row?.due ? fromEpochMs(row.due.getTime()) : null;
}

/** Both sides have billed every subscription every month. */
async function sameInvoices(sides: readonly Side[], subscriptions: number): Promise<void> {
  const counts: number[] = [];
  for (const { app } of sides) {
    const [row] = await app.get(Database, { strict: false }).query<{ count: string }>('select count(*) from invoicing.invoice_details');
    counts.push(Number(row!.count));
  }
  const least = subscriptions * 12 * (rounds() + 1);
  if (counts[0] !== counts[1] || counts[0]! < least)
    throw new Error(`${counts.join(' and ')} invoices were issued, where ${least} or more are due on both sides.`);
}

function report([clocked, real]: readonly Side[], subscriptions: number): void {
  const ratio = median(clocked!.runs) / median(real!.runs);
  print({
    bench: 'test-clock',
    ratio,
    goal: `at most ${GOAL} times as long as in real time`,
    met: ratio <= GOAL,
    medians: { 's for twelve months on a test clock': median(clocked!.runs), 's for twelve months in real time': median(real!.runs) },
    details: { subscriptions, rounds: rounds(), gateway: 'none on either side' },
  });
}
