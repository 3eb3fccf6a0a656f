import { defineRefusal } from '#kernel/refusal.js';

export const testClockNotForward = defineRefusal({
  code: 'test_clock_not_forward',
  kind: 'invalid',
  hint: 'Time only goes forward: advance to an instant after the `now` of the clock, or create another clock.',
});

export const testClockTooFar = defineRefusal({
  code: 'test_clock_too_far',
  kind: 'invalid',
  hint: 'One advance covers at most ten years: go there in several steps.',
});

export const testClockOutOfRange = defineRefusal({
  code: 'test_clock_out_of_range',
  kind: 'invalid',
  hint: 'A test clock shows instants from 1970 up to the year 2200.',
});

export const testClocksNotLive = defineRefusal({
  code: 'test_clocks_not_live',
  kind: 'conflict',
  hint: 'Simulated time would charge real cards: use a test key of the gateway, or the simulator.',
});
