import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { newId } from '#kernel/ids.js';
import { Config } from '#platform/config/config.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { Story } from '../../support/story.js';
import { lockWaiters } from './lock-waiters.js';

describe('A PostgreSQL that refuses', () => {
  let platform: TestPlatform;
  let story: Story;
  let outsider: pg.Client;

  beforeAll(async () => {
    platform = await startPlatform();
    story = new Story(platform);
    await story.plan();
    const [database] = await platform.database.query<{ name: string }>('select current_database() as name');
    outsider = new pg.Client({ connectionString: process.env.PERENNIAL_TEST_POSTGRES!.replace(/\/postgres$/, `/${database!.name}`) });
    await outsider.connect();
    // It never looks whether there is a deadlock, and ours look late enough: so PostgreSQL always ends ours.
    await outsider.query("set deadlock_timeout = '1min'");
    await outsider.query(`alter database ${database!.name} set deadlock_timeout = '3s'`);
    await outsider.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await platform.get('/v1/accounts').expect(200);
  });
  afterAll(async () => {
    await outsider.end();
    await platform.stop();
  });

  /** Our transaction holds rows of `table` and waits for a bucket of the outsider's, who then wants the table. */
  async function inDeadlock<T>(table: string, work: () => Promise<T>): Promise<T> {
    const before = await deadlocks();
    await outsider.query('begin');
    await outsider.query('select 1 from es.bucket for update');
    let isDone = false;
    const working = work().finally(() => {
      isDone = true;
    });
    working.catch(() => {});
    while (!isDone && (await lockWaiters(outsider)) === 0) await pause(10);
    try {
      await outsider.query(`lock table ${table} in exclusive mode`);
    } finally {
      await outsider.query('rollback');
    }
    const result = await working;
    expect((await deadlocks()) - before).toBe(1);
    return result;
  }

  const deadlocks = async (): Promise<number> => {
    // Each process tells the statistics of its own from time to time.
    await outsider.query('select pg_stat_clear_snapshot()');
    await pause(1_200);
    const { rows } = await outsider.query('select deadlocks::integer as count from pg_stat_database where datname = current_database()');
    return rows[0].count;
  };

  const person = { email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: 'UTC', paymentMethod: { token: 'pm_card_visa' } };

  const opening = (key: string) => platform.post('/v1/accounts', person).set('Idempotency-Key', key);

  const accounts = async (): Promise<number> => (await platform.get('/v1/accounts?limit=100').expect(200)).body.data.length;

  it('for a deadlock is answered with 503, and the request repeated with its key has one effect', async () => {
    const key = newId();
    const before = await accounts();
    const refused = await inDeadlock('es.command', () => opening(key).then((answer) => answer));
    expect([refused.status, refused.body.code, Number(refused.headers['retry-after'])]).toEqual([503, 'unavailable', expect.any(Number)]);
    expect(await accounts()).toBe(before);
    const [first, second] = [await opening(key).expect(201), await opening(key).expect(201)];
    expect(second.body).toEqual(first.body);
    expect(await accounts()).toBe(before + 1);
  });

  it('for a deadlock in the middle of a billing run is asked again: each period is billed once', async () => {
    const clock = await story.testClock('2026-01-31T12:00:00Z');
    const account = await story.account({ testClockId: clock });
    const subscription = await story.subscription(account.id);
    await platform.settle();
    await platform.post(`/v1/test-clocks/${clock}/advance`, { to: '2026-03-15T12:00:00Z' }).expect(200);
    // The run holds the lease of the bucket's timers, and waits for the bucket.
    await expect(inDeadlock('es.checkpoint', () => platform.settle())).rejects.toMatchObject({ code: '40P01' });
    await platform.database.query(`update es.test_clock set lease_until = now() - interval '1 second' where target is not null`);
    await platform.settle();
    expect((await story.invoices(subscription.id)).map(({ status, issuedAt }) => [status, issuedAt.slice(0, 10)])).toEqual([
      ['paid', '2026-01-31'],
      ['paid', '2026-02-28'],
    ]);
  });

  it('every connection is answered with 503 and Retry-After, stays alive, and serves all of them when it may again', async () => {
    const size = platform.app.get(Config).databasePoolSize;
    const keys = Array.from({ length: 3 * size }, () => newId());
    const before = await accounts();
    let giveBack = (): void => {};
    const held = new Promise<void>((resolve) => {
      giveBack = resolve;
    });
    const holding = Array.from({ length: size }, () =>
      platform.database.transaction(async (sql) => {
        await sql.query('select 1');
        await held;
      }),
    );
    try {
      const refused = await Promise.all(keys.map((key) => opening(key)));
      const told = refused.map(({ status, body, headers }) => `${status} ${body.code} ${headers['retry-after'] !== undefined}`);
      expect(new Set(told)).toEqual(new Set(['503 unavailable true']));
      await platform.get('/health').expect(200);
    } finally {
      giveBack();
    }
    await Promise.all(holding);
    const served = await Promise.all(keys.map((key) => opening(key)));
    expect(new Set(served.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await accounts()).toBe(before + keys.length);
  });
});
