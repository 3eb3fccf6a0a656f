import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type supertest from 'supertest';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { commandLine } from '#embedded/processes.js';
import { newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { temporaryFolder } from '../../support/run-folder.js';
import { SmallDisk } from '../../support/small-disk.js';
import { Story } from '../../support/story.js';
import { makeTemplate } from '../../support/test-postgres.js';
import { PATIENCE_MS } from '../../support/until.js';
import { verified } from '../../verify/verified.js';
import { type Ending, StruckStory } from './struck-story.js';

const MEGABYTES = 320;
/** Small, so that the log soon needs a new file, which is what PostgreSQL cannot go on without; and PostgreSQL does not start itself again. */
const SETTINGS = { shared_buffers: '32MB', min_wal_size: '32MB', max_wal_size: '48MB', restart_after_crash: 'off' };
/** What still fits into half empty pages is served: some requests later nothing fits. */
const AT_MOST_SERVED = 500;

const isPossible = SmallDisk.isPossible();
const describeHere = isPossible ? describe : () => it('is not tried where no disk can be mounted', () => expect(isPossible).toBe(false));

describeHere('A full disk', () => {
  const usual = process.env.PERENNIAL_TEST_POSTGRES;
  let folder: string;
  let disk: SmallDisk;
  let postgres: RunningPostgres;
  let platform: TestPlatform;
  let undisturbed: Ending;

  const start = () => startPostgres({ dataDir: join(disk.folder, 'postgres'), settings: SETTINGS });

  beforeAll(async () => {
    folder = temporaryFolder('disk-full');
    chmodSync(folder, 0o711);
    disk = SmallDisk.mount(join(folder, 'disk'), MEGABYTES);
    postgres = await start();
    await makeTemplate(postgres);
    process.env.PERENNIAL_TEST_POSTGRES = postgres.url('postgres');
    platform = await startPlatform();
    await new Story(platform).plan();
    undisturbed = await new StruckStory(platform).told();
  });
  afterAll(async () => {
    try {
      await platform?.stop();
    } finally {
      process.env.PERENNIAL_TEST_POSTGRES = usual;
      await postgres?.stop();
      disk?.unmount();
      rmSync(folder, { recursive: true });
    }
  });

  const person = { email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: 'UTC', metadata: { note: 'x'.repeat(400) } };

  const open = (key: string) => platform.post('/v1/accounts', person).set('Idempotency-Key', key);

  const accounts = async (): Promise<number> =>
    (await platform.database.query<{ count: number }>('select count(*)::integer as count from accounts.account_details'))[0]!.count;

  /** The keys of the requests that were served, and the first that was not, with its answer. */
  async function untilRefused(): Promise<{ keys: string[]; refused: supertest.Response }> {
    for (const keys: string[] = []; keys.length < AT_MOST_SERVED; ) {
      keys.push(newId());
      const answer = await open(keys.at(-1)!);
      if (answer.status !== 201) return { keys, refused: answer };
    }
    throw new Error(`${AT_MOST_SERVED} requests were served with a full disk.`);
  }

  /** A full disk, and what is asked for meanwhile: each request is served or refused, and done once when it comes again. */
  async function meanwhile(work: () => Promise<void>): Promise<void> {
    const before = await accounts();
    let keys: string[];
    disk.fill();
    try {
      await work();
      const asked = await untilRefused();
      const { status, body, headers } = asked.refused;
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'unavailable', expect.any(String)]);
      keys = asked.keys;
    } finally {
      disk.free();
      await serving();
    }
    const again = await Promise.all(keys.map((key) => open(key)));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([201]));
    expect(again.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(keys.length - 1);
    expect(await accounts()).toBe(before + keys.length);
  }

  /** PostgreSQL ends where it cannot write its log, and whoever watches over it starts it again. */
  async function serving(): Promise<void> {
    for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await pause(50)) {
      if (commandLine(postgres.pid) === null) {
        await postgres.stop();
        postgres = await start();
      }
      const answer = await platform.database.query('select 1').catch(() => null);
      if (answer) return;
    }
    throw new Error('PostgreSQL does not serve although there is room.');
  }

  /** Has PostgreSQL need new files for its log until there is no room for one. */
  async function needNewLogs(): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url('postgres') });
    client.on('error', () => {});
    await client.connect();
    const next = () => client.query("select pg_switch_wal(), pg_logical_emit_message(false, 'spec', 'x')");
    for (let files = 0; files < 20; files += 1) if (!(await next().catch(() => null))) break;
    await client.end().catch(() => {});
  }

  it('is answered with 503, and what was asked for is done once when there is room', async () => {
    await meanwhile(async () => {});
    expect(platform.log.join()).toMatch(/No space left on device/);
  });

  it('may end PostgreSQL itself, which loses nothing and does nothing twice', async () => {
    const { pid } = postgres;
    await meanwhile(async () => {
      await needNewLogs();
      for (let waited = 0; commandLine(pid) !== null && waited < 100; waited += 1) await pause(100);
      expect(commandLine(pid)).toBeNull();
    });
  });

  it('leaves everything as it must be: a customer is billed as ever, and every invariant holds', async () => {
    expect(await new StruckStory(platform).told()).toEqual(undisturbed);
    const results = await verified({ platform, quietAt: fromEpochMs(Date.now()) }, async () => {});
    const failed = results.filter(({ verdict }) => /violated|broken/.test(verdict));
    expect(failed.map(({ id, shown, error }) => [id, shown[0] ?? error])).toEqual([]);
  });
});
