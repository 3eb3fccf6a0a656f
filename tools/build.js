// Compiles everything to dist/, unless dist/ is newer than all that goes into it: `node tools/build.js [--force]`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['apps', 'libs', 'migrations', 'test/bench', 'test/soak'].filter((folder) => existsSync(folder));
const STAMP = join('dist', '.built');

function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const built = existsSync(STAMP) ? statSync(STAMP).mtimeMs : 0;
const changed = Math.max(...[...SOURCES, '.swcrc', 'package.json', 'tools/build.js'].map(newest));
if (changed > built || process.argv.includes('--force')) {
  // What has been renamed or removed must not live on.
  rmSync('dist', { recursive: true, force: true });
  const program = join('node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const { status } = spawnSync(process.execPath, [program, ...SOURCES, '-d', 'dist', '--config-file', '.swcrc', '--copy-files', '-q'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, '');
}
