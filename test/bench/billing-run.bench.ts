import type { DataSource } from 'typeorm';
import { COUNTING_STATEMENTS, startBenchServer } from './bench-database.js';
import { Floor, type FloorTable } from './floor.js';
import { grownPortfolio } from './grown-portfolio.js';
import { renewalOf } from './months.js';
import { rounds, size } from './options.js';
import { type Cost, cost, median, print, progress } from './report.js';
import { type Run, Workers } from './workers.js';

const SUBSCRIPTIONS = size(50_000);
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

/** A month of the portfolio: billed by the workers, then written once more by the floor. */
interface Month {
  readonly run: Run;
  readonly ours: Cost;
  readonly floor: Cost;
}

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

    const measured = new Map<number, Month[]>(COUNTS.map((count) => [count, []]));
    const started = new Map<number, Workers>();
    for (const count of COUNTS) started.set(count, await Workers.start(url, count));
    let wal = 0;
    let statements: Record<string, string> = {};
    let month = 1;
    // Workers live for weeks: the first round, which warms up theirs, the floor's and the server's caches, does not count.
    for (let round = 0; round <= rounds(); round += 1) {
      for (const [count, workers] of started) {
        const due = renewalOf(month);
        await owner.query('checkpoint');
        const before = await walPosition(owner);
        await owner.query('select pg_stat_statements_reset()');
        let run!: Run;
        const ours = await cost(async () => {
          run = await workers.fire(due);
        });
        if (run.fired !== SUBSCRIPTIONS) throw new Error(`${run.fired} of ${SUBSCRIPTIONS} subscriptions were renewed.`);
        if (count === 1) statements = await topStatements(owner, run.fired);
        wal = (await walBytes(owner, before)) / run.fired;
        month += 1;
        const captured = await floor.capture(due);
        await owner.query('checkpoint');
        const least = await cost(() => floor.write(captured, lanesOf(count)));
        if (round > 0) measured.get(count)!.push({ run, ours, floor: least });
        await clearJobs();
        await owner.query('truncate floor.es_job');
        progress(
          `  round ${round}, ${count} worker(s): ${Math.round(perSecond(ours))} invoices/s; floor with ${lanesOf(count)} connection(s) ${Math.round(perSecond(least))}/s`,
        );
      }
    }
    for (const workers of started.values()) await workers.stop();
    const of = (count: number, figure: (month: Month) => number) => median(measured.get(count)!.map(figure));
    // Each month against the floor that was measured right after it, since a shared machine changes its speed.
    const ratio = of(2, toFloor);
    print({
      bench: 'billing-run',
      ratio,
      goal: `at least ${GOAL}`,
      met: ratio >= GOAL,
      medians: {
        'invoices/s, 1 worker': of(1, ({ ours }) => perSecond(ours)),
        'invoices/s, 2 workers': of(2, ({ ours }) => perSecond(ours)),
        'invoices/s, 4 workers': of(4, ({ ours }) => perSecond(ours)),
        'floor, 1 connection': of(1, ({ floor }) => perSecond(floor)),
        'floor, 2 connections': of(2, ({ floor }) => perSecond(floor)),
        'ratio, 1 worker to 1 connection': of(1, toFloor),
        'ratio, 4 workers to 2 connections': of(4, toFloor),
        'CPU ms per invoice, 2 workers': of(2, ({ ours }) => cpuMs(ours)),
        'CPU ms per invoice, floor with 2 connections': of(2, ({ floor }) => cpuMs(floor)),
        'CPU ms of Node per invoice, 2 workers': of(2, ({ run }) => cpuMs(run)),
        'WAL bytes per invoice': wal,
        'MB resident, largest worker': Math.max(...[...measured.values()].flat().map(({ run }) => run.residentBytes)) / 2 ** 20,
      },
      details: {
        subscriptions: SUBSCRIPTIONS,
        rounds: rounds(),
        'ratios, 2 workers': measured
          .get(2)!
          .map((each) => toFloor(each).toFixed(2))
          .join(' '),
        'PostgreSQL, µs per invoice': statements,
      },
    });
  } finally {
    await server.stop();
  }
}

const perSecond = ({ seconds }: Cost): number => SUBSCRIPTIONS / seconds;
const cpuMs = ({ cpuSeconds }: { cpuSeconds: number }): number => (cpuSeconds / SUBSCRIPTIONS) * 1_000;
const toFloor = ({ ours, floor }: Month): number => floor.seconds / ours.seconds;
/** Two processes keep two connections busy; more connections than processors make the floor no faster. */
const lanesOf = (workers: number): number => Math.min(workers, 2);

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
