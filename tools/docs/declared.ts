import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ContextDefinition, Vocabulary } from '#event-sourcing/vocabulary.js';

const load = (path: string): Promise<Record<string, unknown>> => import(pathToFileURL(path).href);

/** The contexts of the project in the order of their names, registered as the apps register them, which checks them as well. */
export async function declaredContexts(root: string): Promise<readonly ContextDefinition[]> {
  const vocabulary = new Vocabulary();
  for (const path of globSync('libs/*/src/*.context.ts', { cwd: root }).sort()) {
    const [context] = Object.values(await load(join(root, path)));
    vocabulary.register(context as ContextDefinition);
  }
  return vocabulary.declared();
}

/** Loads every file that declares a refusal, so that the catalogue of the kernel is complete. */
export async function loadRefusals(root: string): Promise<void> {
  for (const path of globSync('libs/*/src/**/*.ts', { cwd: root }).sort()) {
    if (path.endsWith('.spec.ts') || path.includes('/testing/')) continue;
    if (/\bdefineRefusal\(\{/.test(readFileSync(join(root, path), 'utf8'))) await load(join(root, path));
  }
}
