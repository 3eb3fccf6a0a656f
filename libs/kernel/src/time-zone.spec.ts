import { timeZone } from './time-zone.js';

describe('A time zone', () => {
  it('may be any that the platform knows', () => {
    const names = Intl.supportedValuesOf('timeZone');
    expect(names.length).toBeGreaterThan(400);
    expect(names.map((name) => timeZone(name))).toEqual(names);
  });

  it.each([
    ['UTC', 'UTC'],
    ['europe/berlin', 'Europe/Berlin'],
    ['US/Eastern', 'US/Eastern'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ])('given as %s is kept as %s', (given, kept) => {
    expect(timeZone(given)).toBe(kept);
  });

  it.each(['', '+02:00', '-05', 'Z', 'Mars/Olympus', 'Europe', 'Berlin', ' UTC', '2026-01-01T00:00:00+01:00[Europe/Berlin]'])(
    'is refused when given as "%s"',
    (given) => {
      expect(() => timeZone(given, '/timeZone')).toThrow(expect.objectContaining({ code: 'time_zone_unknown', pointer: '/timeZone' }));
    },
  );
});
