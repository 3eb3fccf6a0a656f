import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { CreateTestClock } from './create-test-clock.js';
import { TestClockDecider } from './test-clock.decider.js';
import { TestClockCreated } from './test-clock.events.js';
import { aReadyClock, january31, testClockId } from './test-clock.examples.js';

const { given } = specification(TestClockDecider);

describe('Creating a test clock', () => {
  it('puts it at a time of its own, past or future', () => {
    for (const now of [january31, instant('1970-01-01T00:00:00Z'), instant('2200-01-01T00:00:00Z')]) {
      given().when(new CreateTestClock({ testClockId, now })).then(new TestClockCreated({ testClockId, now }));
    }
  });

  it('does nothing when it has been created', () => {
    given(aReadyClock())
      .when(new CreateTestClock({ testClockId, now: january31 }))
      .thenNothing();
  });

  it('refuses what no calendar can be trusted with', () => {
    for (const now of ['1969-12-31T23:59:59.999Z', '2200-01-01T00:00:00.001Z', '0001-01-01T00:00:00Z']) {
      given()
        .when(new CreateTestClock({ testClockId, now: instant(now) }))
        .thenRefused('test_clock_out_of_range');
    }
  });
});
