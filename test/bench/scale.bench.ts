import type { DataSource } from 'typeorm';
import { type BenchServer, startBenchServer } from './bench-database.js';
import { grownPortfolio, SAMPLES } from './grown-portfolio.js';
import { renewalOf } from './months.js';
import { full, rounds, size } from './options.js';
import { median, print, progress } from './report.js';
import { type Run, Workers } from './workers.js';

const WORKERS = 2;
const GROWTH = 1.25;
const RESIDENT_MB = 512;
const LONG_HISTORY = 24;

interface Portfolio {
  readonly name: string;
  readonly subscriptions: number;
  /** Months that are billed before the measuring. */
  readonly history: number;
  readonly owner: DataSource;
  readonly workers: Workers;
  readonly runs: Run[];
}

/**
 * P2: the billing run over portfolios of growing size, and over one with a long history, month by month in turn.
 * `BENCH_SIZE` is the size of the largest.
 */
export async function scale(): Promise<void> {
  const sizes = sizesUpTo(size(full() ? 1_000_000 : 100_000));
  const server = await startBenchServer();
  try {
    const portfolios: Portfolio[] = [];
    for (const subscriptions of sizes) portfolios.push(await portfolio(server, subscriptions, 1));
    portfolios.push(await portfolio(server, sizes[0]!, LONG_HISTORY));
    // The first month warms up what the server and the workers cache, and does not count.
    for (let round = 0; round <= rounds(); round += 1) {
      for (const each of portfolios) await bill(each, round);
    }
    for (const { workers } of portfolios) await workers.stop();
    report(portfolios, sizes);
  } finally {
    await server.stop();
  }
}

/** 10,000 and its multiples by ten up to the largest; a tenth of it where that is smaller. */
function sizesUpTo(largest: number): number[] {
  const smallest = Math.min(10_000, Math.max(SAMPLES, Math.floor(largest / 10)));
  const sizes = [];
  for (let next = smallest; next < largest; next *= 10) sizes.push(next);
  return [...sizes, largest];
}

async function portfolio(server: BenchServer, subscriptions: number, history: number): Promise<Portfolio> {
  const name = `${subscriptions.toLocaleString('en-US')} subscriptions, ${history} month(s) of history`;
  progress(`Making ${name} …`);
  const { url, owner } = await grownPortfolio(server, `scale_${subscriptions}_${history}`, subscriptions, history);
  return { name, subscriptions, history, owner, workers: await Workers.start(url, WORKERS), runs: [] };
}

async function bill({ name, subscriptions, history, owner, workers, runs }: Portfolio, round: number): Promise<void> {
  await owner.query('checkpoint');
  const run = await workers.fire(renewalOf(history + round));
  if (run.fired !== subscriptions) throw new Error(`${run.fired} of ${subscriptions} subscriptions were renewed.`);
  if (round > 0) runs.push(run);
  progress(`  round ${round}, ${name}: ${msPerInvoice(run).toFixed(3)} ms per invoice, ${Math.round(megabytes(run))} MB resident`);
  await owner.query('truncate es.job');
}

const msPerInvoice = ({ seconds, fired }: Run): number => (seconds / fired) * 1_000;
const megabytes = ({ residentBytes }: Run): number => residentBytes / 2 ** 20;

function report(portfolios: readonly Portfolio[], sizes: readonly number[]): void {
  const cost = ({ runs }: Portfolio): number => median(runs.map(msPerInvoice));
  const resident = (all: readonly Portfolio[]): number => Math.max(...all.flatMap(({ runs }) => runs.map(megabytes)));
  const bySize = portfolios.slice(0, sizes.length);
  const [smallest, longest] = [bySize[0]!, portfolios.at(-1)!];
  const ratio = cost(bySize.at(-1)!) / cost(smallest);
  const historyRatio = cost(longest) / cost(smallest);
  const medians: Record<string, number> = {};
  for (const each of portfolios) {
    medians[`ms per invoice, ${each.name}`] = cost(each);
    medians[`MB resident, ${each.name}`] = resident([each]);
  }
  print({
    bench: 'scale',
    ratio,
    goal: `at most ${GROWTH} from ${sizes[0]!.toLocaleString('en-US')} to ${sizes.at(-1)!.toLocaleString('en-US')}, the same for history, a worker under ${RESIDENT_MB} MB`,
    met: ratio <= GROWTH && historyRatio <= GROWTH && resident(portfolios) < RESIDENT_MB,
    medians: { ...medians, [`ratio, ${LONG_HISTORY} months of history to 1`]: historyRatio },
    details: { workers: WORKERS, rounds: rounds() },
  });
}
