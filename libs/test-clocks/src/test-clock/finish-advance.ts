import { Command } from '#event-sourcing/command.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { TestClockAdvanceFinished, type TestClockEvent } from './test-clock.events.js';
import type { TestClock } from './test-clock.state.js';

/** What the runner says once everything due up to `now` has happened. */
export class FinishAdvance extends Command('FinishAdvance')<{ readonly testClockId: TestClockId; readonly now: Instant }> {}

/** A worker that was held up may say it late, when another one has finished and the clock is somewhere else: that is nothing new. */
export function finishAdvance({ testClockId, now }: FinishAdvance['data'], clock: TestClock): TestClockEvent[] {
  switch (clock.status) {
    case 'absent':
    case 'ready':
      return [];
    case 'advancing':
      return clock.to === now ? [new TestClockAdvanceFinished({ testClockId, now })] : [];
    default:
      return clock satisfies never;
  }
}
