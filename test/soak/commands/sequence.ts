import fc from 'fast-check';
import type { Instant } from '#kernel/instant.js';
import type { TestPlatform } from '../../support/platform.js';
import { Model } from './model.js';
import { beginning, type Real, steps } from './steps.js';

export interface SequenceRequest {
  readonly seed: number;
  /** The control: the system forgets every renewal. */
  readonly forgetting: boolean;
}

export interface SequenceResult {
  /** What is wrong, with the shortest sequence that shows it. */
  readonly failure: string | null;
  /** How often each kind of step was made. */
  readonly steps: Readonly<Record<string, number>>;
}

const LONGEST = 16;
const START = '2028-01-31T22:30:00.000Z' as Instant;

/** Goes through the sequence of a seed, on a test clock of its own. */
export async function runSequence(platform: TestPlatform, { seed, forgetting }: SequenceRequest): Promise<SequenceResult> {
  const made: Record<string, number> = {};
  let runs = 0;
  const property = fc.asyncProperty(beginning, fc.commands(steps, { maxCommands: LONGEST, size: 'max' }), async (first, then) => {
    runs += 1;
    const count = (step: string) => {
      // What shrinking repeats is no trial of its own.
      if (runs === 1) made[step] = (made[step] ?? 0) + 1;
    };
    const real: Real = { platform, forgetting, count };
    const answer = await platform.post('/v1/test-clocks', { now: START }).expect(201);
    await fc.asyncModelRun(() => ({ model: new Model(answer.body.id, START), real }), [...first, ...then]);
  });
  const details = await fc.check(property, { seed, numRuns: 1, maxSkipsPerRun: 0 });
  if (!details.failed) return { failure: null, steps: made };
  const error = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return { failure: `${String(details.counterexample)}: ${error}`, steps: made };
}
