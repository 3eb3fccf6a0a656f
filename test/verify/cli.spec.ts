import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const root = join(import.meta.dirname, '../..');
let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** The command line as a process of its own. */
function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = ['--import', join(root, 'test/support/source-loader.js'), join(root, 'apps/cli/src/main.ts')];
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    PERENNIAL_MASTER_KEY: Buffer.alloc(32, 'spec').toString('base64'),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [...program, ...args], { cwd: root, env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

it('lists its commands, and shows the options of each', async () => {
  const [overview, asked, help] = await Promise.all([cli(), cli('trace', '--help'), cli('help', 'trace')]);
  expect(overview).toMatchObject({ code: 0, out: expect.stringMatching(/verify .*\n.*migrate .*\n.*rebuild .*\n.*trace /) });
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('--database URL') });
  expect(help).toEqual(asked);
});

it.each([
  [['nope'], /^There is no command nope\. There are: verify, /],
  [['verfiy'], /^There is no command verfiy\. Did you mean verify\?/],
  [['verify', '--only', 'I99'], /^There is no check I99/],
  [['verify', '--database', 'nonsense'], /^--database must be a PostgreSQL URL, /],
  [['verify', '--database', 'postgres://127.0.0.1:1/x'], /^The database of .* cannot be used: nothing listens/],
  [['verify', '--show', 'abc'], /^--show must be a whole number/],
  [['verify', '--as-of', 'yesterday'], /^--as-of must be an instant/],
  [['verify', '--journal', '/nowhere/x'], /^--journal names \/nowhere\/x, /],
  [['rebuild', 'payments.nothing'], /^There is no read model payments\.nothing/],
  [['trace'], /^Trace what\?/],
  [['api-key', '--name', 'x', '--role', 'boss'], /^There is no role boss\./],
  [['migrate', '--datbase', 'x'], /^There is no option --datbase\. Did you mean --database\?/],
])('answers %p with one sentence, and ends with 2', async (args, sentence) => {
  const { code, out, err } = await cli(...args);
  expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
  expect(err).toMatch(sentence);
});

it('ends with 0 where all is right, and with 1 where it names what is wrong, for people and as JSON', async () => {
  expect(await cli('verify')).toMatchObject({ code: 0, out: expect.stringContaining('no violation found.') });
  const event = '0190f0c8-1111-7000-8000-000000000007';
  await owner.query(`insert into ledger.posting values (7, '${event}', 0, 'revenue:x', 'cash:stripe', 5, 'USD', now())`);
  const [text, json] = await Promise.all([cli('verify'), cli('verify', '--only', 'I1', '--json')]);
  expect(text).toMatchObject({ code: 1, out: expect.stringContaining('A posting of 5 USD has no event.') });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out).results).toMatchObject([
    { id: 'I1', verdict: 'violated', violations: 1, shown: [{ where: { bucket: '7', event, index: '0' } }] },
  ]);
});

it('migrates, traces, and rebuilds a read model', async () => {
  await owner.query(`insert into payments.payer (bucket, id, is_parked) values (7, '0190f0c8-1111-7000-8000-000000000007', false)`);
  const done = await Promise.all([cli('migrate'), cli('trace', 'nobody'), cli('rebuild', 'payments.payer')]);
  expect(done).toMatchObject([
    { code: 0, out: 'The database is up to date.\n' },
    { code: 1, out: 'Nothing is known of nobody.\n' },
    { code: 0, out: 'payments.payer is rebuilt from 0 events.\n' },
  ]);
  expect((await owner.query('select * from payments.payer')).rows).toEqual([]);
});
