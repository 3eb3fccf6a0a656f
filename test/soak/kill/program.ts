import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** How a process of the platform is started: what Node is given, and where. */
export interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
}

const root = join(import.meta.dirname, '../../..');

/** From the sources: no build needed, and slow to start. */
export function fromSources(): Program {
  return { args: ['--import', join(root, 'test/support/source-loader.js'), join(root, 'apps/worker/src/main.ts')], cwd: root };
}

/** From a build that is copied to the folder: a run takes hours, and the sources may change and be built again meanwhile. */
export function fromBuild(folder: string): Program {
  const { status } = spawnSync(process.execPath, [join(root, 'tools/build.js')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('The build has failed.');
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { args: [join(folder, 'dist/apps/worker/src/main.js')], cwd: folder };
}
