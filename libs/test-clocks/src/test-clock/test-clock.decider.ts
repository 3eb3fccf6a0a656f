import { type Decider, on } from '#event-sourcing/decider.js';
import { AdvanceTestClock, advanceTestClock } from './advance-test-clock.js';
import { CreateTestClock, createTestClock } from './create-test-clock.js';
import { FinishAdvance, finishAdvance } from './finish-advance.js';
import { type TestClockEvent, testClockEvents } from './test-clock.events.js';
import { evolve, initialState, type TestClock } from './test-clock.state.js';

const stream = ({ testClockId }: { readonly testClockId: CreateTestClock['data']['testClockId'] }) => testClockId;

/** The table of what can be asked of a test clock. The clock's own stream is in real time: its events say when it was asked. */
export const TestClockDecider: Decider<TestClock, TestClockEvent> = {
  category: 'test-clock',
  events: testClockEvents,
  accountOf: () => null,
  initialState,
  evolve,
  decisions: [
    on(CreateTestClock, { stream, decide: createTestClock }),
    on(AdvanceTestClock, { stream, moves: stream, decide: advanceTestClock }),
    on(FinishAdvance, { stream, moves: stream, decide: finishAdvance }),
  ],
};
