import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { nameFrom, nameOfClass } from './names.js';
import { type Addition, Project } from './project.js';
import { aggregate } from './templates/aggregate.js';
import { command } from './templates/command.js';
import { context } from './templates/context.js';
import { readModel } from './templates/read-model.js';
import { saga } from './templates/saga.js';

export const usage = `npm run new -- context <context>
npm run new -- aggregate <context> <aggregate>
npm run new -- command <context> <aggregate> <command> <Event>
npm run new -- read-model <context> <aggregate> <read-model>
npm run new -- saga <context> <Event> <Command>

e.g. npm run new -- command payment-links payment-link close-payment-link PaymentLinkClosed`;

/** Adds to the project in `root` and answers the paths that were written. Throws with what to do instead. */
export function add(root: string, [kind, ...given]: readonly string[]): string[] {
  const { files, edits } = additionFor(new Project(root), kind, given);
  // Everything is computed before anything is written, so that a refusal leaves nothing behind.
  const written = {
    ...files,
    ...Object.fromEntries(Object.entries(edits).map(([path, edit]) => [path, edit(readFileSync(join(root, path), 'utf8'))])),
  };
  for (const [path, text] of Object.entries(written)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const paths = Object.keys(written);
  format(root, paths);
  return paths;
}

function additionFor(project: Project, kind: string | undefined, [first, second, third, fourth]: readonly string[]): Addition {
  const owner = () => nameFrom(first, 'the context');
  const of = () => nameFrom(second, 'the aggregate');
  switch (kind) {
    case 'context':
      return context(project, owner());
    case 'aggregate':
      return aggregate(project, owner(), of());
    case 'command':
      return command(project, owner(), of(), nameFrom(third, 'the command'), nameOfClass(fourth, 'the event'));
    case 'read-model':
      return readModel(project, owner(), of(), nameFrom(third, 'the read model'));
    case 'saga':
      return saga(project, owner(), nameOfClass(second, 'the event'), nameOfClass(third, 'the command'));
    default:
      throw new Error(usage);
  }
}

/** Imports are sorted and lines are broken by the project's own formatter. */
function format(root: string, paths: readonly string[]): void {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const known = paths.filter((path) => !path.endsWith('.md'));
  execFileSync(process.execPath, [biome, 'check', '--write', '--vcs-enabled=false', '--log-level=error', ...known], {
    cwd: root,
    stdio: 'pipe',
  });
}
