import { newId, type TestClockId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { TestClockAdvanceFinished, TestClockAdvanceStarted, TestClockCreated, type TestClockEvent } from './test-clock.events.js';

// The same named examples for every specification of this context.

export const testClockId: TestClockId = newId();
export const january31: Instant = instant('2026-01-31T12:00:00Z');
export const february28: Instant = instant('2026-02-28T12:00:00Z');

export const aReadyClock = (): TestClockEvent[] => [new TestClockCreated({ testClockId, now: january31 })];

export const anAdvancingClock = (): TestClockEvent[] => [...aReadyClock(), new TestClockAdvanceStarted({ testClockId, to: february28 })];

export const anArrivedClock = (): TestClockEvent[] => [
  ...anAdvancingClock(),
  new TestClockAdvanceFinished({ testClockId, now: february28 }),
];
