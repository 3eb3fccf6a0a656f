/** All that others may know of test clocks. */
export { arriveAt } from './arrival.js';
export {
  TestClockAdvanceFinished,
  TestClockAdvanceStarted,
  TestClockCreated,
  type TestClockEvent,
  testClockEvents,
} from './test-clock/test-clock.events.js';
