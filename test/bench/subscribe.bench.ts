import { DataSource } from 'typeorm';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { instant } from '#kernel/instant.js';
import { issueApiKey } from '#platform/auth/api-keys.js';
import { PostgresApiKeys } from '#platform/auth/postgres-api-keys.js';
import { type BenchServer, startBenchServer } from './bench-database.js';
import { engineOn } from './engine.js';
import { rounds, size } from './options.js';
import { Account, entities, NumberSeries, Plan } from './plain/entities.js';
import { makeAccounts, publishPlan } from './portfolio.js';
import { median, print, progress } from './report.js';
import { type Load, rowCounts, Service } from './service.js';

const POOL = 20;
const P99_GOAL = 1.2;
const OURS = [
  'subscriptions.subscription_details',
  'invoicing.invoice_details',
  'payments.payment_details',
  'ledger.posting',
  'es.timer',
  'es.job',
  'es.command',
];
const PLAIN = ['subscription', 'invoice', 'payment', 'ledger_posting', 'timer', 'job', 'idempotency_key'];

/** One of the two, with accounts that have not subscribed yet. */
interface Side {
  readonly service: Service;
  readonly owner: DataSource;
  readonly accountIds: string[];
  readonly loads: Load[];
}

/**
 * P5: `POST /v1/subscriptions`, answered with its first invoice, by 50 clients, each request under a key of its own:
 * the API process against a plain service that saves the same rows one by one, on the same PostgreSQL, in turn.
 */
export async function subscribe(): Promise<void> {
  const requests = size(3_000);
  const server = await startBenchServer();
  const sides: Side[] = [];
  try {
    // The first round warms both up and does not count.
    const accounts = requests * (rounds() + 1);
    sides.push(await ours(server, accounts), await plain(server, accounts));
    for (let round = 0; round <= rounds(); round += 1) {
      for (const { service, owner, accountIds, loads } of round % 2 === 0 ? sides : sides.toReversed()) {
        await owner.query('checkpoint');
        const load = await service.subscribe(accountIds.splice(0, requests), 'bench');
        if (round > 0) loads.push(load);
        progress(`  round ${round}, ${service.name}: ${Math.round(load.requestsPerSecond)} requests/s, p99 ${load.p99} ms`);
      }
    }
    await sameRows(sides, accounts);
    report(sides, requests);
  } finally {
    for (const { service } of sides) await service.stop();
    await server.stop();
  }
}

async function ours(server: BenchServer, accounts: number): Promise<Side> {
  const database = await server.database('perennial');
  const engine = engineOn(await database.asApplication(4));
  const owner = await database.asOwner();
  await publishPlan(engine);
  const accountIds = await makeAccounts(engine, accounts);
  const { text, record } = issueApiKey({ role: 'super_admin', name: 'bench' }, instant('2026-01-01T00:00:00Z'));
  await new PostgresApiKeys(owner).add(record);
  await owner.query('vacuum analyze');
  const env = {
    DATABASE_URL: database.url,
    PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
    DATABASE_POOL_SIZE: String(POOL),
    LOG_LEVEL: 'warn',
  };
  const service = await Service.start('perennial', new URL('../../apps/api/src/main.js', import.meta.url), text, env);
  return { service, owner, accountIds, loads: [] };
}

async function plain(server: BenchServer, accounts: number): Promise<Side> {
  const url = await server.emptyDatabase('plain');
  const apiKey = 'bench';
  const env = { DATABASE_URL: url, DATABASE_POOL_SIZE: String(POOL), API_KEY: apiKey };
  const service = await Service.start('plain', new URL('./plain/main.js', import.meta.url), apiKey, env);
  const owner = await server.opened({ type: 'postgres', url, entities });
  await owner.getRepository(Plan).save({ code: 'bench', amount: 2900, currency: 'USD' });
  await owner.getRepository(NumberSeries).save({ name: 'INV', last: 0 });
  const account = { email: 'customer@example.com', currency: 'USD', timeZone: 'America/New_York', gatewayMethodId: 'pm_bench' };
  const accountIds: string[] = [];
  for (let left = accounts; left > 0; left -= 1_000) {
    const made = await owner.getRepository(Account).insert(Array.from({ length: Math.min(left, 1_000) }, () => ({ ...account })));
    accountIds.push(...made.identifiers.map(({ id }) => id as string));
  }
  await owner.query('vacuum analyze');
  return { service, owner, accountIds, loads: [] };
}

/** Each request has left one row of each kind on both sides. The jobs that recur by themselves are not of the requests. */
async function sameRows([perennial, other]: readonly Side[], requests: number): Promise<void> {
  await perennial!.owner.query(`delete from es.job where kind <> 'payments.collect'`);
  const counts = { ...(await rowCounts(perennial!.owner, OURS)), ...(await rowCounts(other!.owner, PLAIN)) };
  const wrong = Object.entries(counts).filter(([, count]) => count !== requests);
  if (wrong.length > 0)
    throw new Error(`${requests} requests left ${wrong.map(([table, count]) => `${count} rows in ${table}`).join(', ')}.`);
}

function report([perennial, other]: readonly Side[], requests: number): void {
  const of = ({ loads }: Side, figure: (load: Load) => number): number => median(loads.map(figure));
  const rate = ({ requestsPerSecond }: Load) => requestsPerSecond;
  const p99 = (load: Load) => load.p99;
  const ratio = of(perennial!, rate) / of(other!, rate);
  const p99Ratio = of(perennial!, p99) / of(other!, p99);
  print({
    bench: 'subscribe',
    ratio,
    goal: `over 1 in requests/s, p99 at most ${P99_GOAL} times`,
    met: ratio > 1 && p99Ratio <= P99_GOAL,
    medians: {
      'requests/s, perennial': of(perennial!, rate),
      'requests/s, plain': of(other!, rate),
      'p50 ms, perennial': of(perennial!, ({ p50 }) => p50),
      'p50 ms, plain': of(other!, ({ p50 }) => p50),
      'p99 ms, perennial': of(perennial!, p99),
      'p99 ms, plain': of(other!, p99),
      'ratio of p99': p99Ratio,
    },
    details: { clients: 50, requests, rounds: rounds(), pool: POOL },
  });
}
