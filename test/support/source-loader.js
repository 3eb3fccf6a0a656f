import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const root = new URL('../../', import.meta.url);
const swc = JSON.parse(readFileSync(new URL('.swcrc', root), 'utf8'));

/**
 * Lets Node run the TypeScript sources themselves where jest does not load the modules: in the global set-up, and in processes
 * that a spec starts with `node --import <this file>`. They never depend on a build, which could be an old one.
 */
registerHooks({
  resolve(specifier, context, next) {
    const source = sourceOf(specifier, context.parentURL);
    return source && existsSync(fileURLToPath(source)) ? { url: source.href, shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...swc,
      $schema: undefined,
      swcrc: false,
      filename,
      sourceMaps: 'inline',
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

function sourceOf(specifier, parentURL) {
  const [, context, path] = /^#([a-z-]+)\/(.+)\.js$/.exec(specifier) ?? [];
  if (context) return new URL(context === 'migrations' ? `migrations/${path}.ts` : `libs/${context}/src/${path}.ts`, root);
  const isRelative = /^\.{1,2}\/.*\.js$/.test(specifier) && parentURL?.startsWith(root.href) && !parentURL.includes('/node_modules/');
  return isRelative ? new URL(specifier.replace(/\.js$/, '.ts'), parentURL) : null;
}

// Used by specs to name this file to a process they start.
export const sourceLoader = pathToFileURL(fileURLToPath(import.meta.url)).href;
