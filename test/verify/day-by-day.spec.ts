import fc from 'fast-check';
import { anyAnchor, anyInterval, boundsByWalking } from '#kernel/calendar.examples.js';
import { boundsDayByDay } from '../../apps/cli/src/verify/day-by-day.js';

it('walks to the same periods as the walker of the calendar, in all zones, over changed clocks and leap days', () => {
  fc.assert(
    fc.property(anyAnchor, anyInterval, ({ start, anchor }, interval) => {
      const { timeZone, anchorDay = null } = anchor;
      const bounds = boundsDayByDay({ start, timeZone, interval, anchorDay }).take(5).toArray();
      expect(bounds).toEqual(boundsByWalking(anchor, start, interval, 5));
    }),
    { numRuns: 300 },
  );
});
