import fc from 'fast-check';
import { fromEpochMs, instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { aMetered } from './metered-subscription.examples.js';
import { SpansOf } from './spans.js';

const id = '0190a000-0000-7000-8000-000000000011';
const anyMoment = fc.integer({ min: Date.parse('2026-01-31T15:00:00Z'), max: Date.parse('2026-12-31T00:00:00Z') }).map(fromEpochMs);
const anyZone = fc.constantFrom('America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC').map((name) => timeZone(name));

describe('The hour, day and period of usage', () => {
  it('begin where the customer’s clock and the subscription’s anchor say', () => {
    expect(new SpansOf().of(aMetered(id, []), instant('2026-02-28T14:59:59.999Z'))).toEqual({
      hour: '2026-02-28T14:00:00.000Z',
      day: '2026-02-28T05:00:00.000Z',
      period: '2026-01-31T15:00:00.000Z',
    });
    expect(new SpansOf().of(aMetered(id, []), instant('2026-02-28T15:00:00Z'))).toMatchObject({ period: '2026-02-28T15:00:00.000Z' });
  });

  it('of a trial are its own period, and what comes after it belongs to the first', () => {
    const trial = aMetered(id, [], { anchor: null, trialEnd: instant('2026-02-14T15:00:00Z') });
    expect(new SpansOf().of(trial, instant('2026-02-14T14:59:59.999Z'))).toMatchObject({ period: '2026-01-31T15:00:00.000Z' });
    expect(new SpansOf().of(trial, instant('2026-02-14T15:00:00Z'))).toMatchObject({ period: '2026-02-14T15:00:00.000Z' });
  });

  it('are the same for one event and for one of many, in any order', () => {
    fc.assert(
      fc.property(
        anyZone,
        fc.array(anyMoment, { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 0, max: 7_200_000 }),
        (zone, moments, step) => {
          const subscription = aMetered(id, [], { timeZone: zone });
          const many = new SpansOf();
          // Neighbours meet the hour that is known already, and its ends.
          for (const at of moments.flatMap((each) => [each, fromEpochMs(Date.parse(each) + step), each])) {
            expect(many.of(subscription, at)).toEqual(new SpansOf().of(subscription, at));
          }
        },
      ),
    );
  });
});
