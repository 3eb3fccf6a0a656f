import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { heldStill } from '../facts/held-clock.facts.js';
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
    onWithFacts(AdvanceTestClock, { stream, facts: heldStill, decide: advanceTestClock }),
    onWithFacts(FinishAdvance, { stream, facts: heldStill, decide: finishAdvance }),
  ],
};
