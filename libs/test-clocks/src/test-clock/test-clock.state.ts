import type { Instant } from '#kernel/instant.js';
import type { TestClockEvent } from './test-clock.events.js';

export type TestClock =
  | { readonly status: 'absent' }
  | { readonly status: 'ready'; readonly now: Instant }
  | { readonly status: 'advancing'; readonly from: Instant; readonly to: Instant };

export const initialState: TestClock = { status: 'absent' };

export function evolve(state: TestClock, event: TestClockEvent): TestClock {
  switch (event.type) {
    case 'TestClockCreated':
    case 'TestClockAdvanceFinished':
      return { status: 'ready', now: event.data.now };
    case 'TestClockAdvanceStarted':
      if (state.status !== 'ready') throw new Error(`An advance started while ${state.status}.`);
      return { status: 'advancing', from: state.now, to: event.data.to };
    default:
      return event satisfies never;
  }
}
