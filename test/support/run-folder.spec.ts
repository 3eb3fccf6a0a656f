import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { startStamp } from '#embedded/processes.js';
import { makeRunFolder, removeAbandonedRuns } from './run-folder.js';

it('a test run that was killed is cleared away by the next, and a living one is left alone', async () => {
  const killed = makeRunFolder();
  const script = join(killed, 'run.mjs');
  writeFileSync(
    script,
    `const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, '../../libs/embedded/src/postgres.ts'))});
     console.log((await startPostgres({ dataDir: ${JSON.stringify(join(killed, 'postgres'))}, fsync: false })).pid);
     setInterval(() => {}, 60_000);`,
  );
  const run = spawn(process.execPath, ['--import', join(import.meta.dirname, 'source-loader.js'), script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [server] = (await once(createInterface({ input: run.stdout }), 'line')).map(Number) as [number];
  const living = process.env.PERENNIAL_TEST_FOLDER as string;
  const clearAnHourLater = async () => {
    const anHourAgo = Date.now() / 1_000 - 3_600;
    for (const folder of [killed, living]) utimesSync(folder, anHourAgo, anHourAgo);
    await removeAbandonedRuns();
  };

  await clearAnHourLater();
  expect(existsSync(killed)).toBe(true);

  run.kill('SIGKILL');
  await once(run, 'exit');
  expect(startStamp(server)).not.toBeNull();
  await clearAnHourLater();
  expect(startStamp(server)).toBeNull();
  expect(existsSync(killed)).toBe(false);
  expect(existsSync(join(living, 'postgres', 'data'))).toBe(true);
  expect(dirname(killed)).toBe(dirname(living));
});
