import fc from 'fast-check';
import type { Instant } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { Model } from './model.js';
import { beginning, type Real, steps } from './steps.js';

const LONGEST = 16;
const START = '2028-01-31T22:30:00.000Z' as Instant;

/** One trial is a sequence of commands of a customer's life, on a test clock. After each, the REST answers are the model's. */
export async function runCommandsSuite(options: SuiteOptions): Promise<SuiteResult> {
  const tally = new Tally('commands', options);
  const platform = await startPlatform();
  try {
    for (let index = 0; index < options.size; index += 1) {
      const seed = options.seed + index;
      const failure = await sequence(platform, seed, tally, options.control === true);
      if (failure) tally.fail(`sequence ${index} (--seed ${seed} --size 1): ${failure}`);
      tally.advance();
    }
    return tally.result({});
  } finally {
    await platform.stop();
  }
}

/** What is wrong, with the shortest sequence that shows it. */
async function sequence(platform: TestPlatform, seed: number, tally: Tally, forgetting: boolean): Promise<string | null> {
  let runs = 0;
  const property = fc.asyncProperty(beginning, fc.commands(steps, { maxCommands: LONGEST, size: 'max' }), async (first, then) => {
    runs += 1;
    // What shrinking repeats is no trial of its own.
    const real: Real = { platform, forgetting, count: (step) => runs === 1 && tally.count(step) };
    const answer = await platform.post('/v1/test-clocks', { now: START }).expect(201);
    await fc.asyncModelRun(() => ({ model: new Model(answer.body.id, START), real }), [...first, ...then]);
  });
  const details = await fc.check(property, { seed, numRuns: 1, maxSkipsPerRun: 0 });
  if (!details.failed) return null;
  const error = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return `${String(details.counterexample)}: ${error}`;
}
