import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { AdvanceTestClock } from './advance-test-clock.js';
import { TestClockDecider } from './test-clock.decider.js';
import { TestClockAdvanceStarted, TestClockCreated } from './test-clock.events.js';
import { anAdvancingClock, anArrivedClock, aReadyClock, february28, january31, testClockId } from './test-clock.examples.js';

const { given } = specification(TestClockDecider);
const advanceTo = (to: string) => new AdvanceTestClock({ testClockId, to: instant(to) });

describe('Advancing a test clock', () => {
  it('sets it on its way', () => {
    given(aReadyClock())
      .when(new AdvanceTestClock({ testClockId, to: february28 }))
      .then(new TestClockAdvanceStarted({ testClockId, to: february28 }));
  });

  it('goes on from where it has arrived', () => {
    given(anArrivedClock()).when(advanceTo('2026-02-28T12:00:00Z')).thenRefused('test_clock_not_forward');
    given(anArrivedClock())
      .when(advanceTo('2026-02-28T12:00:00.001Z'))
      .then(new TestClockAdvanceStarted({ testClockId, to: instant('2026-02-28T12:00:00.001Z') }));
  });

  it('refuses to stand still or to go back', () => {
    given(aReadyClock())
      .when(new AdvanceTestClock({ testClockId, to: january31 }))
      .thenRefused('test_clock_not_forward');
    given(aReadyClock()).when(advanceTo('2025-12-31T00:00:00Z')).thenRefused('test_clock_not_forward');
  });

  it('refuses a second advance while one is under way', () => {
    given(anAdvancingClock()).when(advanceTo('2026-03-31T12:00:00Z')).thenRefused('test_clock_advancing');
  });

  it('goes ten years at most', () => {
    given(aReadyClock())
      .when(advanceTo('2036-01-31T12:00:00Z'))
      .then(new TestClockAdvanceStarted({ testClockId, to: instant('2036-01-31T12:00:00Z') }));
    given(aReadyClock()).when(advanceTo('2036-01-31T12:00:00.001Z')).thenRefused('test_clock_too_far');
  });

  it('never leaves the range of a clock', () => {
    given(new TestClockCreated({ testClockId, now: instant('2199-12-31T00:00:00Z') }))
      .when(advanceTo('2200-01-01T00:00:00.001Z'))
      .thenRefused('test_clock_out_of_range');
  });

  it('refuses a clock that does not exist', () => {
    given().when(advanceTo('2026-03-31T12:00:00Z')).thenRefused('test_clock_not_found');
  });
});
