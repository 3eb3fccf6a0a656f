import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { commandLine } from '#embedded/processes.js';
import { newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { temporaryFolder } from '../../support/run-folder.js';
import { Story } from '../../support/story.js';
import { makeTemplate } from '../../support/test-postgres.js';
import { verified } from '../../verify/verified.js';
import { SmallDisk } from './small-disk.js';
import { type Ending, StruckStory } from './struck-story.js';

const { lacking } = SmallDisk;
const MEGABYTES = 320;
/** Small, so that the log soon needs a new file, which is what PostgreSQL cannot go on without. */
const SETTINGS = { shared_buffers: '32MB', min_wal_size: '32MB', max_wal_size: '48MB' };

(lacking ? describe.skip : describe)(`A full disk${lacking ? ` (not here: ${lacking})` : ''}`, () => {
  const folder = temporaryFolder('disk-full');
  const usual = process.env.PERENNIAL_TEST_POSTGRES;
  let disk: SmallDisk;
  let postgres: RunningPostgres;
  let platform: TestPlatform;
  let undisturbed: Ending;

  const start = () => startPostgres({ dataDir: join(disk.folder, 'postgres'), settings: SETTINGS });

  beforeAll(async () => {
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
    await platform?.stop();
    process.env.PERENNIAL_TEST_POSTGRES = usual;
    await postgres?.stop();
    disk?.unmount();
  });

  const open = (key: string) =>
    platform
      .post('/v1/accounts', {
        ...{ email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: 'UTC' },
        metadata: { note: 'x'.repeat(400) },
      })
      .set('Idempotency-Key', key);

  const accounts = async (): Promise<number> =>
    (await platform.database.query<{ count: number }>('select count(*)::integer as count from accounts.account_details'))[0]!.count;

  /** A full disk, and what is asked for meanwhile: refused, and done once when there is room and the request comes again. */
  async function meanwhile(work: () => Promise<void>): Promise<void> {
    const before = await accounts();
    const key = newId();
    disk.fill();
    await work();
    const { status, body, headers } = await open(key);
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'unavailable', expect.any(String)]);
    disk.free();
    // It ends where it cannot write its log, and whoever watches over it starts it again.
    if (commandLine(postgres.pid) === null) {
      await postgres.stop();
      postgres = await start();
    }
    const [first, second] = [await open(key), await open(key)];
    expect([first.status, second.status, second.headers['idempotent-replayed']]).toEqual([201, 201, 'true']);
    expect(await accounts()).toBe(before + 1);
  }

  /** PostgreSQL needs a new file for its log, for which there is no room. */
  async function needNewLog(): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url('postgres') });
    client.on('error', () => {});
    await client.connect();
    try {
      for (let files = 0; files < 20; files += 1) await client.query("select pg_switch_wal(), pg_logical_emit_message(false, 'spec', 'x')");
    } catch {
      // That was it.
    }
    await client.end().catch(() => {});
  }

  it('is answered with 503, and what was asked for is done once when there is room', async () => {
    await meanwhile(async () => {});
    expect(platform.log.join()).toMatch(/No space left on device/);
  }, 60_000);

  it('may end PostgreSQL itself, which loses nothing and does nothing twice', async () => {
    const { pid } = postgres;
    await meanwhile(async () => {
      await needNewLog();
      for (let waited = 0; commandLine(pid) !== null && waited < 100; waited += 1) await pause(100);
      expect(commandLine(pid)).toBeNull();
    });
  }, 60_000);

  it('leaves everything as it must be: a customer is billed as ever, and every invariant holds', async () => {
    expect(await new StruckStory(platform).told()).toEqual(undisturbed);
    const failed = (await verified({ platform, quietAt: fromEpochMs(Date.now()) }, async () => {})).filter(({ verdict }) =>
      /violated|broken/.test(verdict),
    );
    expect(failed.map(({ id, shown, error }) => [id, shown[0] ?? error])).toEqual([]);
  }, 60_000);
});
