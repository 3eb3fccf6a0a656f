import { anchorAt } from '#kernel/anchor.js';
import { boundsByWalking } from '#kernel/calendar.examples.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

// At half past two in Berlin, a time that the 29th of March leaves out and that the 25th of October has twice.
const starts = ['2026-01-28T01:30:00.000Z', '2026-01-29T01:30:00.000Z', '2026-01-30T01:30:00.000Z', '2026-01-31T01:30:00.000Z'];
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata'];

const end = instant('2027-02-28T23:00:00Z');

describe('A year of billing in many time zones', () => {
  it('bills on the days and at the hours that a calendar on the wall shows, for every day that some month has not', async () => {
    const clock = await story.testClock(starts[0]!);
    const billed: { zone: string; start: string; id: string }[] = [];
    for (const start of starts) {
      if (start > starts[0]!) await story.advance(clock, start);
      for (const zone of zones) {
        const account = await story.account({ testClockId: clock, timeZone: zone, paymentMethod: undefined });
        billed.push({ zone, start, id: (await story.subscription(account.id)).id });
      }
    }
    await story.advance(clock, end);

    for (const { zone, start, id } of billed) {
      const begin = instant(start);
      const expected = boundsByWalking(anchorAt(begin, timeZone(zone)), begin, { unit: 'month', count: 1 }, 16);
      const invoices = await story.invoices(id);
      const periods = invoices.map(({ lines }) => lines[0]!.period);
      expect(invoices).toHaveLength(expected.filter((bound) => bound <= end).length);
      expect(periods).toEqual(invoices.map((_, index) => ({ start: expected[index], end: expected[index + 1] })));
      // Each was issued the moment its period began.
      expect(invoices.map(({ issuedAt }) => issuedAt)).toEqual(periods.map((period) => period.start));
    }
  });
});
