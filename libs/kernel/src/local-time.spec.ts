import { instant } from './instant.js';
import { startOfDay, startOfHour } from './local-time.js';
import { timeZone } from './time-zone.js';

describe('The hour and the day of a customer', () => {
  it.each([
    ['Asia/Kolkata', '2026-04-01T10:10:00Z', '2026-04-01T09:30:00.000Z', '2026-03-31T18:30:00.000Z'],
    ['America/New_York', '2026-03-08T12:10:00Z', '2026-03-08T12:00:00.000Z', '2026-03-08T05:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T01:00:00.000Z', '2026-10-24T22:00:00.000Z'],
    // On the day the clocks skip midnight it begins at one.
    ['America/Santiago', '2026-09-06T10:00:00Z', '2026-09-06T10:00:00.000Z', '2026-09-06T04:00:00.000Z'],
  ])('in %s, of %s, begin at %s and %s', (zone, at, hour, day) => {
    expect(startOfHour(instant(at), timeZone(zone))).toBe(hour);
    expect(startOfDay(instant(at), timeZone(zone))).toBe(day);
  });
});
