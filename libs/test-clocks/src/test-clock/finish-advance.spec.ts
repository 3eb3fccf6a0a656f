import { specification } from '#event-sourcing/testing/specification.js';
import { FinishAdvance } from './finish-advance.js';
import { TestClockDecider } from './test-clock.decider.js';
import { TestClockAdvanceFinished, TestClockAdvanceStarted } from './test-clock.events.js';
import { anAdvancingClock, anArrivedClock, february28, testClockId } from './test-clock.examples.js';
import { furthestFrom } from './test-clock.policies.js';

const { given } = specification(TestClockDecider);
const finished = new FinishAdvance({ testClockId, now: february28 });

describe('Finishing an advance', () => {
  it('says that the clock has arrived', () => {
    given(anAdvancingClock())
      .when(finished)
      .then(new TestClockAdvanceFinished({ testClockId, now: february28 }));
  });

  it('is nothing new when another worker has said it', () => {
    given(anArrivedClock()).when(finished).thenNothing();
  });

  it('does not end the next advance when it is said late', () => {
    given(anArrivedClock(), new TestClockAdvanceStarted({ testClockId, to: furthestFrom(february28) }))
      .when(finished)
      .thenNothing();
  });
});
