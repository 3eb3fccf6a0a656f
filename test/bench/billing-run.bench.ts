import type { DataSource } from 'typeorm';
import { COUNTING_STATEMENTS, startBenchServer } from './bench-database.js';
import { Floor, type FloorTable } from './floor.js';
import { grownPortfolio } from './grown-portfolio.js';
import { renewalOf } from './months.js';
import { median, print, progress, seconds } from './report.js';
import { type Run, Workers } from './workers.js';

const SUBSCRIPTIONS = Number(process.env.BENCH_SIZE ?? 50_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const COUNTS = [1, 2, 4];
const GOAL = 0.7;

/** Every table that renewing, invoicing and requesting payment writes, as a look at a run's statements shows. */
const TABLES: readonly FloorTable[] = [
  { name: 'es.event', writes: 'insert', of: 'effective_at = $1::timestamptz' },
  { name: 'es.stream_state', writes: 'update', of: `stream_id in (select id from subscriptions.subscription_details)`, key: ['stream_id'] },
  { name: 'es.timer', writes: 'update', of: `name = 'renewal'`, key: ['stream_id', 'name'] },
  { name: 'es.job', writes: 'insert', of: 'true' },
  { name: 'subscriptions.subscription_details', writes: 'update', of: 'true', key: ['id'] },
  { name: 'invoicing.invoice_details', writes: 'insert', of: 'issued_at = $1::timestamptz' },
  { name: 'payments.payment_details', writes: 'insert', of: 'created_at = $1::timestamptz' },
  {
    name: 'payments.collectible_invoice',
    writes: 'insert',
    of: `id in (select id from invoicing.invoice_details where issued_at = $1::timestamptz)`,
  },
  { name: 'ledger.posting', writes: 'insert', of: 'effective_at = $1::timestamptz' },
];

/** P1: due subscriptions to issued, posted, payment-requested invoices, against the same rows written by plain SQL. */
export async function billingRun(): Promise<void> {
  const server = await startBenchServer(COUNTING_STATEMENTS);
  try {
    progress(`Making ${SUBSCRIPTIONS.toLocaleString('en-US')} subscriptions …`);
    const { url, owner } = await grownPortfolio(server, 'bench', SUBSCRIPTIONS, 1);
    await owner.query('create extension pg_stat_statements');
    const clearJobs = () => owner.query('truncate es.job');
    const floor = new Floor(owner, TABLES);
    await floor.prepare();

    const runs: Record<string, Run[]> = { 1: [], 2: [], 4: [] };
    const floors: Record<string, number[]> = { 1: [], 2: [] };
    let wal = 0;
    let statements: Record<string, string> = {};
    let month = 1;
    const started = new Map<number, Workers>();
    for (const count of COUNTS) started.set(count, await Workers.start(url, count));
    // Workers live for weeks: the first round, which warms up theirs, the floor's and the server's caches, does not count.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [count, workers] of started) {
        const due = renewalOf(month);
        await owner.query('checkpoint');
        const before = await walPosition(owner);
        await owner.query('select pg_stat_statements_reset()');
        const run = await workers.fire(due);
        if (count === 1) statements = await topStatements(owner, run.fired);
        wal = (await walBytes(owner, before)) / run.fired;
        if (round > 0) runs[count]!.push(run);
        month += 1;
        const captured = await floor.capture(due);
        const lanes = count === 1 ? 1 : 2;
        await owner.query('checkpoint');
        const took = await seconds(() => floor.write(captured, lanes));
        if (round > 0) floors[lanes]!.push(took);
        await clearJobs();
        await owner.query('truncate floor.es_job');
        progress(
          `  round ${round}, ${count} worker(s): ${Math.round(run.fired / run.seconds)} invoices/s; floor with ${lanes} connection(s) ${Math.round(run.fired / took)}/s`,
        );
      }
    }
    for (const workers of started.values()) await workers.stop();
    const rate = (count: number) => median(runs[count]!.map(({ fired, seconds: took }) => fired / took));
    const floorRate = (lanes: number) => median(floors[lanes]!.map((took) => SUBSCRIPTIONS / took));
    const ratio = rate(2) / floorRate(2);
    print({
      bench: 'billing-run',
      ratio,
      goal: `at least ${GOAL}`,
      met: ratio >= GOAL,
      medians: {
        'invoices/s, 1 worker': rate(1),
        'invoices/s, 2 workers': rate(2),
        'invoices/s, 4 workers': rate(4),
        'floor, 1 connection': floorRate(1),
        'floor, 2 connections': floorRate(2),
        'ratio, 1 worker to 1 connection': rate(1) / floorRate(1),
        'CPU ms of Node per invoice, 2 workers': median(runs[2]!.map(({ cpuSeconds, fired }) => (cpuSeconds / fired) * 1000)),
        'WAL bytes per invoice': wal,
        'MB resident, largest worker':
          Math.max(
            ...Object.values(runs)
              .flat()
              .map(({ residentBytes }) => residentBytes),
          ) /
          2 ** 20,
      },
      details: { subscriptions: SUBSCRIPTIONS, rounds: ROUNDS, 'PostgreSQL, µs per invoice': statements },
    });
  } finally {
    await server.stop();
  }
}

/** Where PostgreSQL spends its time on one invoice, by statement. */
async function topStatements(owner: DataSource, invoices: number): Promise<Record<string, string>> {
  const rows: { query: string; ms: number; calls: string }[] = await owner.query(
    `select query, total_exec_time + total_plan_time as ms, calls from pg_stat_statements order by 2 desc limit 16`,
  );
  return Object.fromEntries(
    rows.map(({ query, ms, calls }) => [
      query.replace(/\s+/g, ' ').slice(0, 90),
      `${((ms * 1000) / invoices).toFixed(1)} (${calls} calls)`,
    ]),
  );
}

async function walPosition(owner: DataSource): Promise<string> {
  const [row]: { at: string }[] = await owner.query('select pg_current_wal_insert_lsn() as at');
  return row!.at;
}

async function walBytes(owner: DataSource, since: string): Promise<number> {
  const [row]: { bytes: string }[] = await owner.query('select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1) as bytes', [since]);
  return Number(row!.bytes);
}
