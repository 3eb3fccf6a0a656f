import { DomainEvent, type EventOf } from '#event-sourcing/domain-event.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

export class TestClockCreated extends DomainEvent('TestClockCreated')<{ readonly testClockId: TestClockId; readonly now: Instant }> {}

/** From here on until it has arrived only the runner moves the clock, and its accounts take no commands from outside. */
export class TestClockAdvanceStarted extends DomainEvent('TestClockAdvanceStarted')<{
  readonly testClockId: TestClockId;
  readonly to: Instant;
}> {}

/** Everything that was due up to `now` has happened. */
export class TestClockAdvanceFinished extends DomainEvent('TestClockAdvanceFinished')<{
  readonly testClockId: TestClockId;
  readonly now: Instant;
}> {}

export const testClockEvents = [TestClockCreated, TestClockAdvanceStarted, TestClockAdvanceFinished] as const;
export type TestClockEvent = EventOf<typeof testClockEvents>;
