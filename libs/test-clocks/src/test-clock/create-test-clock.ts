import { Command } from '#event-sourcing/command.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { TestClockCreated, type TestClockEvent } from './test-clock.events.js';
import { clockRange, isOnTheDial } from './test-clock.policies.js';
import { testClockOutOfRange } from './test-clock.refusals.js';
import type { TestClock } from './test-clock.state.js';

/** Makes a clock that stands at `now`. Accounts can be created on it. */
export class CreateTestClock extends Command('CreateTestClock')<{ readonly testClockId: TestClockId; readonly now: Instant }> {}

export function createTestClock({ testClockId, now }: CreateTestClock['data'], clock: TestClock): TestClockEvent[] {
  if (!isOnTheDial(now))
    throw testClockOutOfRange(`${now} is not from ${clockRange.earliest} to ${clockRange.latest}.`, { pointer: '/now' });
  switch (clock.status) {
    case 'absent':
      return [new TestClockCreated({ testClockId, now })];
    case 'ready':
    case 'advancing':
      return [];
    default:
      return clock satisfies never;
  }
}
