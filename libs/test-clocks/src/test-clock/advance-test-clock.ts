import { Command } from '#event-sourcing/command.js';
import { testClockAdvancing, testClockUnknown } from '#event-sourcing/refusals.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { TestClockAdvanceStarted, type TestClockEvent } from './test-clock.events.js';
import { clockRange, furthestFrom, isOnTheDial } from './test-clock.policies.js';
import { testClockNotForward, testClockOutOfRange, testClockTooFar } from './test-clock.refusals.js';
import type { TestClock } from './test-clock.state.js';

/** Lets the time of a clock's accounts pass up to an instant. It is under way once accepted; a worker brings it to its end. */
export class AdvanceTestClock extends Command('AdvanceTestClock')<{ readonly testClockId: TestClockId; readonly to: Instant }> {}

export function advanceTestClock({ testClockId, to }: AdvanceTestClock['data'], clock: TestClock): TestClockEvent[] {
  switch (clock.status) {
    case 'absent':
      throw testClockUnknown(`There is no test clock ${testClockId}.`);
    case 'ready':
      assertReachable(to, clock.now);
      return [new TestClockAdvanceStarted({ testClockId, to })];
    case 'advancing':
      throw testClockAdvancing(`The test clock is on its way from ${clock.from} to ${clock.to}.`, {
        hint: 'Wait until its status is `ready`, then advance it again.',
      });
    default:
      return clock satisfies never;
  }
}

function assertReachable(to: Instant, now: Instant): void {
  const pointer = '/to';
  if (to <= now) throw testClockNotForward(`The test clock is at ${now}, and ${to} is not after it.`, { pointer });
  if (to > furthestFrom(now)) throw testClockTooFar(`${to} is more than ten years after ${now}.`, { pointer });
  if (!isOnTheDial(to)) throw testClockOutOfRange(`${to} is after ${clockRange.latest}.`, { pointer });
}
