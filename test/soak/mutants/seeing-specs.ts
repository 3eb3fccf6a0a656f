import { readSources } from '../../../tools/architecture/sources.js';

/** Of test/, what asks the system as its users do: campaigns are too slow, and checks of the text are not about what it does. */
const FAR = /^test\/(api|billing-run|flows|regressions|verify)\//;
const NEAREST = 6;

export interface Seeing {
  /** The specs that stand nearest to the file, and import it over the fewest others. */
  readonly near: readonly string[];
  /** What sees it from outside: the API, flows, the verifier. */
  readonly far: readonly string[];
}

/** Answers for each file which specs run it, by their imports. */
export function seeingSpecs(root: string): (file: string) => Seeing {
  const importers = new Map<string, string[]>();
  for (const source of readSources(root))
    for (const { target, isTypeOnly } of source.imports)
      if (target && !isTypeOnly) importers.set(target, [...(importers.get(target) ?? []), source.path]);
  return (file) => {
    const specs = specsAbove(file, importers);
    const inside = specs.filter((path) => path.startsWith('libs/')).sort((one, other) => likeness(other, file) - likeness(one, file));
    return { near: inside.slice(0, NEAREST), far: specs.filter((path) => FAR.test(path)) };
  };
}

/** The nearest first. */
function specsAbove(file: string, importers: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set([file]);
  for (const path of seen) for (const importer of importers.get(path) ?? []) seen.add(importer);
  return [...seen].filter((path) => path.endsWith('.spec.ts'));
}

/** How far two paths are the same from their beginning: the spec of a file itself is the likest. */
function likeness(one: string, other: string): number {
  const differs = [...one].findIndex((letter, index) => letter !== other[index]);
  return differs === -1 ? one.length : differs;
}
