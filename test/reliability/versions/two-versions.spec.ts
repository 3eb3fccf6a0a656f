import pg from 'pg';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { type Simulator, startSimulator } from '../../../apps/simulator/src/simulator.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { reminderIdOf } from './newer.context.js';
import { RunningVersion } from './running-version.js';

let testDatabase: TestDatabase;
let simulator: Simulator;
let owner: pg.Client;
let older: RunningVersion;
/** It answers only. */
let newer: RunningVersion;
/** A newer one that works as well, from when it is started. */
let working: RunningVersion | undefined;

beforeAll(async () => {
  [testDatabase, simulator] = await Promise.all([createTestDatabase(), startSimulator({ stateFile: ':memory:', apiKey: 'sk_test_specs' })]);
  owner = new pg.Client({ connectionString: testDatabase.url });
  await owner.connect();
  [older, newer] = await Promise.all([start('older', true), start('newer', false)]);
  await older.post('/v1/plans', plan).expect(201);
});
afterAll(async () => {
  await Promise.all([older, newer, working].map((process) => process?.kill()));
  await owner.end();
  await simulator.stop();
  await testDatabase.drop();
});

const price = { code: 'base', kind: 'recurring', model: 'flat', billing: 'advance', taxBehavior: 'exclusive' };
const plan = {
  ...{ code: 'pro', name: 'Pro', interval: { unit: 'month', count: 1 } },
  prices: [{ ...price, currencies: { USD: { amount: 2900 } } }],
};

function start(version: 'older' | 'newer', works: boolean): Promise<RunningVersion> {
  const env = {
    DATABASE_URL: testDatabase.url,
    PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
    DATABASE_POOL_SIZE: '6',
    LOG_LEVEL: 'error',
    STRIPE_API_KEY: 'sk_test_specs',
    STRIPE_HOST: simulator.host,
    STRIPE_PORT: String(simulator.port),
    STRIPE_PROTOCOL: 'http',
  };
  return RunningVersion.start({ version, works, env });
}

async function rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await owner.query<Row>(text, [...values])).rows;
}

const buckets = new Set<number>();

/** In a bucket of its own: where a reader stands still, it does so for all accounts of the bucket. */
async function account(): Promise<AccountId> {
  const body = { email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: 'UTC', paymentMethod: { token: 'pm_card_visa' } };
  for (;;) {
    const accountId: AccountId = (await older.post('/v1/accounts', body).expect(201)).body.id;
    if (buckets.has(bucketOf(accountId))) continue;
    buckets.add(bucketOf(accountId));
    return accountId;
  }
}

const typesIn = async (streamId: string) =>
  (await rows<{ type: string }>('select event_type as type from es.event where stream_id = $1 order by version', [streamId])).map(
    ({ type }) => type,
  );

/** How far the relay has come in the account's bucket, and where the bucket ends. */
async function relayed(accountId: AccountId): Promise<{ behind: number; failures: number; error: string | null }> {
  const [row] = await rows<{ behind: string; failures: number; error: string | null }>(
    `select (select coalesce(max(pos), 0) from es.event where bucket = $1) - coalesce(c.pos, 0) as behind, coalesce(c.failures, 0) as failures, c.last_error as error
       from es.bucket b left join es.checkpoint c on c.bucket = b.bucket and c.reader = 'relay' where b.bucket = $1`,
    [bucketOf(accountId)],
  );
  return { ...row!, behind: Number(row!.behind) };
}

const isRelayed = async (accountId: AccountId) => (await relayed(accountId)).behind === 0;
const stopsIn = (process: RunningVersion, accountId: AccountId) =>
  process.logged.filter(({ msg, bucket }) => msg === 'reader-stopped' && bucket === bucketOf(accountId));

async function setReminder(accountId: AccountId): Promise<void> {
  const dueAt = new Date().toISOString();
  expect(await newer.send({ type: 'SetReminder', data: { accountId, dueAt } })).toEqual({ done: 'SetReminder' });
}

const job = (accountId: AccountId) =>
  rows(`select state, attempt from es.job where kind = 'reminders.mail' and payload->>'accountId' = $1`, [accountId]);

describe('Two versions side by side, as during a deployment', () => {
  it('both do what is asked of them with what both know, each on what the other has written', async () => {
    const accountId = await account();
    const { id, latestInvoiceId } = (await newer.post('/v1/subscriptions', { accountId, planCode: 'pro' }).expect(201)).body;
    await older.delete(`/v1/subscriptions/${id}?atPeriodEnd=true`).expect(200);
    await newer.delete(`/v1/subscriptions/${id}`).expect(200);
    await until(async () => (await newer.get(`/v1/invoices/${latestInvoiceId}`).expect(200)).body.status === 'paid');
    expect(await typesIn(id)).toEqual([
      ...['SubscriptionStarted', 'PeriodStarted', 'CancellationScheduled', 'PeriodEnded', 'SubscriptionCanceled'],
    ]);
    await until(() => isRelayed(accountId));
  });
});

/** Accounts of which the newer version has written what the older one cannot read, and nobody but the older one has done any work. */
const reminded: AccountId[] = [];
const changed: AccountId[] = [];

describe('While only the older version works', () => {
  it('its reader stops at an event of a type that it does not know, and is seen to', async () => {
    const accountId = await account();
    await until(() => isRelayed(accountId));
    await setReminder(accountId);
    await until(async () => stopsIn(older, accountId).length > 1);
    expect(stopsIn(older, accountId)[0]!.err!.message).toContain('No context declares the event ReminderSet');
    expect(await relayed(accountId)).toMatchObject({ behind: 1 });
    const { body } = await older.get('/health/details').expect(200);
    const [stopped] = body.concerns.filter(({ name }: { name: string }) => name === 'stopped_buckets');
    expect(stopped.shown).toMatchObject([{ reader: 'relay', bucket: bucketOf(accountId), error: expect.stringContaining('ReminderSet') }]);
    await older.get('/health/ready').expect(200);
    reminded.push(accountId);
  });

  it('it goes on with everybody else, and with what it knows where its reader stands still', async () => {
    const other = await account();
    for (const accountId of [...reminded, other]) {
      const { latestInvoiceId } = (await older.post('/v1/subscriptions', { accountId, planCode: 'pro' }).expect(201)).body;
      await until(async () => (await older.get(`/v1/invoices/${latestInvoiceId}`).expect(200)).body.status === 'paid');
    }
    await until(() => isRelayed(other));
    expect((await relayed(reminded[0]!)).behind).toBeGreaterThan(1);
  });

  it('its reader stops at an event in a newer form, and nothing is decided by what it cannot read', async () => {
    const accountId = await account();
    await until(() => isRelayed(accountId));
    await newer.patch(`/v1/accounts/${accountId}`, { name: 'Grace' }).expect(200);
    await until(async () => stopsIn(older, accountId).length > 0);
    expect(stopsIn(older, accountId)[0]!.err!.message).toContain('AccountChanged version 2 was written by newer code than this');
    const refused = await older.patch(`/v1/accounts/${accountId}`, { name: 'Barbara' }).expect(503);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(await typesIn(accountId)).toEqual(['AccountCreated', 'PaymentMethodAdded', 'AccountChanged']);
    await newer.patch(`/v1/accounts/${accountId}`, { name: 'Barbara' }).expect(200);
    expect((await older.get(`/v1/accounts/${accountId}`).expect(200)).body.name).toBe('Barbara');
    changed.push(accountId);
  });

  it('a timer whose command it does not know waits, and is not set aside', async () => {
    for (const accountId of reminded) {
      const stops = () => older.logged.filter(({ msg, bucket }) => msg === 'timers-stopped' && bucket === bucketOf(accountId));
      await until(async () => stops().length > 1);
      expect(stops()[0]!.err!.message).toBe('No decider knows the command LetReminderFallDue.');
      expect(await rows('select set_aside_at from es.timer where stream_id = $1', [reminderIdOf(accountId)])).toEqual([
        { set_aside_at: null },
      ]);
    }
  });

  it('jobs of a kind that it does not know wait', async () => {
    for (const accountId of reminded) expect(await job(accountId)).toEqual([{ state: 'pending', attempt: 0 }]);
  });
});

describe('Once the newer version works beside it', () => {
  beforeAll(async () => {
    working = await start('newer', true);
  });

  it('everything is read to the end, and what follows from it is done once', async () => {
    for (const accountId of [...reminded, ...changed]) await until(() => isRelayed(accountId));
    for (const accountId of reminded) {
      const happened = async () => (await typesIn(reminderIdOf(accountId))).sort();
      await until(async () => (await job(accountId)).length === 0 && (await happened()).length >= 4);
      expect(await happened()).toEqual(['ReminderConfirmed', 'ReminderFellDue', 'ReminderMailed', 'ReminderSet']);
    }
  });
});
