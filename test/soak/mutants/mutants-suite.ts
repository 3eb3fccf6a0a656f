import { SeededChance } from '../../reliability/seeded-chance.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { type Mutant, mutants } from './mutants.js';
import { Workshop } from './workshop.js';

/** One trial is a bug that is planted in a copy of the sources: the tests named for it must fail, and pass without it. */
export async function runMutantsSuite(options: SuiteOptions & { readonly only?: readonly string[] }): Promise<SuiteResult> {
  const planted = chosen(options);
  const tally = new Tally('mutants', { ...options, size: planted.length });
  const workshop = new Workshop();
  const sound = new Set<string>();
  try {
    for (const mutant of planted) {
      tally.count(mutant.kind);
      const { bug, spec } = mutant;
      if (!sound.has(spec) && !options.control) {
        const { passed, said } = await workshop.test(spec);
        if (!passed) tally.fail(`${spec} fails without any bug: ${said}`);
        sound.add(spec);
      }
      // The control plants nothing: then nothing is caught.
      const undo = options.control ? () => {} : workshop.plant(mutant);
      const { passed, said } = await workshop.test(spec);
      undo();
      if (passed) tally.fail(`"${bug}" is not caught by ${spec}.`);
      else if (!/Tests: +\d+ failed/.test(said)) tally.fail(`"${bug}": ${spec} could not be run to its end: ${said}`);
      tally.advance();
    }
    return tally.result({});
  } finally {
    workshop.clear();
  }
}

/** In the order of the list at full size; fewer are drawn by the seed. */
function chosen({ seed, size, only }: SuiteOptions & { readonly only?: readonly string[] }): Mutant[] {
  const candidates = mutants.filter(({ bug }) => !only || only.includes(bug));
  if (size >= candidates.length) return candidates;
  const chance = new SeededChance(seed);
  const drawn: Mutant[] = [];
  while (drawn.length < size) drawn.push(...candidates.splice(chance.between(0, candidates.length - 1), 1));
  return drawn;
}
