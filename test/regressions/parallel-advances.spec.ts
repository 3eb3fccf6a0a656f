import type { Engine } from '#event-sourcing/testing/engine.js';
import { newId, type TestClockId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Refusal } from '#kernel/refusal.js';
import { AdvanceTestClock } from '#test-clocks/test-clock/advance-test-clock.js';
import { CreateTestClock } from '#test-clocks/test-clock/create-test-clock.js';
import { VariedEngine } from './variants.js';

describe('Many who advance one test clock to the same moment', () => {
  let varied: VariedEngine;
  let engine: Engine;
  beforeAll(async () => {
    varied = await VariedEngine.start();
    engine = varied.engine;
  });
  afterAll(() => varied.stop());

  /** What each of them was told. */
  async function advancedBy(callers: number): Promise<string[]> {
    const testClockId: TestClockId = newId();
    await engine.send(CreateTestClock, { testClockId, now: instant('2026-01-31T12:00:00Z') });
    const to = instant('2026-03-31T12:00:00Z');
    const asked = Array.from({ length: callers }, () => engine.send(AdvanceTestClock, { testClockId, to }));
    const told = (await Promise.allSettled(asked)).map((answer) => (answer.status === 'fulfilled' ? 'started' : reason(answer.reason)));
    return told.sort();
  }

  const reason = (error: unknown): string => (error instanceof Refusal ? error.code : String(error));

  it('are told by one start and refusals alone: nobody waits in a ring', async () => {
    const refused = Array.from({ length: 19 }, () => 'test_clock_advancing');
    for (let round = 0; round < 5; round += 1) expect(await advancedBy(20)).toEqual(['started', ...refused]);
  });
});
