import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export type App = 'api' | 'worker';

/** How the processes of the platform are started: what Node is given for each, and where. */
export interface Program {
  readonly args: Readonly<Record<App, readonly string[]>>;
  readonly cwd: string;
  /** Whether it is worth while to compile everything once and to keep the outcome for all starts. */
  readonly isCompiledOnce: boolean;
}

const root = join(import.meta.dirname, '../../..');

/** From the sources: no build needed, and slow to start. */
export function fromSources(): Program {
  const args = (app: App): string[] => ['--import', join(root, 'test/support/source-loader.js'), join(root, 'apps', app, 'src/main.ts')];
  return { args: { api: args('api'), worker: args('worker') }, cwd: root, isCompiledOnce: false };
}

/** From a build that is copied to the folder: a run takes an hour, and the sources may change and be built again meanwhile. */
export function fromBuild(folder: string): Program {
  const { status } = spawnSync(process.execPath, [join(root, 'tools/build.js')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('The build has failed.');
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const args = (app: App): string[] => [join(folder, 'dist/apps', app, 'src/main.js')];
  return { args: { api: args('api'), worker: args('worker') }, cwd: folder, isCompiledOnce: true };
}
