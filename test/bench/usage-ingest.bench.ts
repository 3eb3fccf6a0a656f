import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { bucketOf, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { everyMeter, priceOn } from '#metering/metered-subscription.examples.js';
import { issueApiKey } from '#platform/auth/api-keys.js';
import { PostgresApiKeys } from '#platform/auth/postgres-api-keys.js';
import { startBenchServer } from './bench-database.js';
import { copyIn } from './copy-in.js';
import { rounds, size } from './options.js';
import { median, print, progress, seconds } from './report.js';
import { rowCounts, Service } from './service.js';

const BATCH = 1_000;
const SUBSCRIPTIONS = 2_000;
/** How many subscriptions one batch tells of. */
const REPORTED_TOGETHER = 100;
const CLIENTS = 4;
const CONNECTIONS = 2;
const GOAL = 0.4;
const PUBLISHED = 10_000;
const COLUMNS = ['bucket', 'subscription_id', 'idempotency_key', 'metric', 'quantity', 'at', 'properties'];

interface Event {
  readonly subscriptionId: string;
  readonly metric: string;
  readonly quantity: string;
  readonly timestamp: string;
  readonly idempotencyKey: string;
  readonly properties: Record<string, string>;
}

/**
 * P4: `POST /v1/usage` in batches of a thousand, counted once and added up by sum and greatest, by hour, day and period, against
 * `COPY` of the same rows into a table with the same index and partitions.
 */
export async function usageIngest(): Promise<void> {
  const batches = Math.ceil(size(100_000) / BATCH);
  const server = await startBenchServer();
  let service: Service | undefined;
  const copying = { pool: undefined as pg.Pool | undefined };
  try {
    const database = await server.database('perennial');
    const owner = await database.asOwner();
    const subscriptions = await meteredSubscriptions(owner);
    const { text, record } = issueApiKey({ role: 'super_admin', name: 'bench' }, instant('2026-01-01T00:00:00Z'));
    await new PostgresApiKeys(owner).add(record);
    service = await Service.start('perennial', new URL('../../apps/api/src/main.js', import.meta.url), text, {
      DATABASE_URL: database.url,
      PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
      LOG_LEVEL: 'warn',
    });
    const floorUrl = (await server.database('floor')).url;
    copying.pool = new pg.Pool({ connectionString: floorUrl, max: CONNECTIONS });
    const rates = { ours: [] as number[], floor: [] as number[] };
    // The first round warms both up and does not count.
    for (let round = 0; round <= rounds(); round += 1) {
      const events = Array.from({ length: batches }, () => batchOf(subscriptions));
      const ours = await reported(service, events);
      const floor = await copied(copying.pool, events);
      progress(`  round ${round}: ${Math.round(ours)} events/s; floor ${Math.round(floor)}/s`);
      if (round === 0) continue;
      rates.ours.push(ours);
      rates.floor.push(floor);
    }
    await allCounted(owner, batches * BATCH * (rounds() + 1));
    report(rates, batches);
  } finally {
    await copying.pool?.end();
    await service?.stop();
    await server.stop();
  }
}

async function meteredSubscriptions(owner: DataSource): Promise<string[]> {
  const ids = Array.from({ length: SUBSCRIPTIONS }, () => newId());
  const meters = everyMeter.filter(({ aggregation }) => aggregation === 'sum' || aggregation === 'max');
  await owner.query(
    `insert into metering.subscription (bucket, id, account_id, currency, time_zone, interval, prices, started_at, anchor)
     select bucket, id, id, 'USD', 'America/New_York', '{"unit":"month","count":1}', $3, '2026-01-01T05:00:00Z',
            '{"local":"2026-01-01T00:00:00.000","timeZone":"America/New_York"}'
       from unnest($1::smallint[], $2::uuid[]) as given (bucket, id)`,
    [ids.map(bucketOf), ids, JSON.stringify(meters.map(priceOn))],
  );
  await owner.query('vacuum analyze metering.subscription');
  return ids;
}

/** A thousand events of the last hour. */
function batchOf(subscriptions: readonly string[]): Event[] {
  const first = Math.floor(Math.random() * (subscriptions.length - REPORTED_TOGETHER));
  return Array.from({ length: BATCH }, (_, index) => ({
    subscriptionId: subscriptions[first + (index % REPORTED_TOGETHER)]!,
    metric: 'calls',
    quantity: `${(index % 900) + 1}.25`,
    timestamp: new Date(Date.now() - Math.floor(Math.random() * 3_600_000)).toISOString(),
    idempotencyKey: randomUUID(),
    properties: { region: 'eu-central-1' },
  }));
}

async function reported(service: Service, batches: readonly Event[][]): Promise<number> {
  const { requestsPerSecond } = await service.post(
    '/v1/usage',
    batches.map((events) => ({ body: { events } })),
    CLIENTS,
  );
  return requestsPerSecond * BATCH;
}

async function copied(pool: pg.Pool, batches: readonly Event[][]): Promise<number> {
  const texts = batches.map((events) => events.map(lineOf).join(''));
  let next = 0;
  const copier = async (): Promise<void> => {
    const client = await pool.connect();
    for (; next < texts.length; ) {
      const lines = texts[next]!;
      next += 1;
      await copyIn(client, 'metering.event', COLUMNS, lines);
    }
    client.release();
  };
  const took = await seconds(() => Promise.all(Array.from({ length: CONNECTIONS }, copier)));
  return (batches.length * BATCH) / took;
}

function lineOf({ subscriptionId, idempotencyKey, metric, quantity, timestamp, properties }: Event): string {
  const bucket = Number.parseInt(subscriptionId.slice(-2), 16);
  return `${[bucket, subscriptionId, idempotencyKey, metric, quantity, timestamp, JSON.stringify(properties)].join('\t')}\n`;
}

/** Both sides have written each event, and the totals have all of them. */
async function allCounted(owner: DataSource, events: number): Promise<void> {
  const counts = await rowCounts(owner, ['metering.event']);
  const [total]: { events: string }[] = await owner.query(
    `select sum(events) as events from metering.total where span = 'period' and meter = 'sum/calls'`,
  );
  if (counts['metering.event'] !== events || Number(total!.events) !== events)
    throw new Error(`${events} events left ${JSON.stringify(counts)} and ${total!.events} in totals.`);
}

function report(rates: { readonly ours: readonly number[]; readonly floor: readonly number[] }, batches: number): void {
  const ours = median(rates.ours);
  const ratio = median(rates.ours.map((rate, index) => rate / rates.floor[index]!));
  print({
    bench: 'usage-ingest',
    ratio,
    goal: `at least ${GOAL}, and over ${PUBLISHED.toLocaleString('en-US')} events/s`,
    met: ratio >= GOAL && ours > PUBLISHED,
    medians: { 'events/s': ours, 'floor, COPY with 2 connections': median(rates.floor) },
    details: {
      batch: BATCH,
      batches,
      subscriptions: SUBSCRIPTIONS,
      reportedTogether: REPORTED_TOGETHER,
      clients: CLIENTS,
      rounds: rounds(),
    },
  });
}
