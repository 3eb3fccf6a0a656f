import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { Lane } from './lane.js';

/** A lane waits for PostgreSQL half of the time: with three of them two processors have something to do. */
const LANES = 3;
/** Below this starting another takes longer than it saves. */
const WORTH_A_LANE = 50;

/** One trial is a sequence of commands of a customer's life, on a test clock. After each, the REST answers are the model's. */
export async function runCommandsSuite(options: SuiteOptions): Promise<SuiteResult> {
  const tally = new Tally('commands', options);
  const indexes = Array.from({ length: options.size }, (_, index) => index).values();
  const lanes = Math.min(LANES, Math.ceil(options.size / WORTH_A_LANE));
  await Promise.all(Array.from({ length: lanes }, () => runLane(options, indexes, tally)));
  return tally.result({});
}

/** Takes one sequence after the other, as long as there are any. */
async function runLane({ seed: first, control }: SuiteOptions, indexes: ArrayIterator<number>, tally: Tally): Promise<void> {
  const lane = await Lane.start();
  try {
    for (const index of indexes) {
      const seed = first + index;
      const { failure, steps } = await lane.run({ seed, forgetting: control === true });
      for (const [step, times] of Object.entries(steps)) tally.count(step, times);
      if (failure) tally.fail(`sequence ${index} (--seed ${seed} --size 1): ${failure}`);
      tally.advance();
    }
  } finally {
    await lane.stop();
  }
}
