import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Lets the test that makes the documented calls write down what it gets, instead of holding it against what is written. */
const { status } = spawnSync('npm', ['test', '--', 'test/api/documentation.spec.ts'], {
  cwd: join(import.meta.dirname, '../..'),
  env: { ...process.env, RECORD: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
