import { decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { type Admission, admit, type Counted, type ReportedUsage } from './admission.js';
import { aMetered, callsOfAda, everyMeter, sumOfCalls } from './metered-subscription.examples.js';

const id = '0190a000-0000-7000-8000-000000000011';
const event = (changes: Partial<ReportedUsage> = {}): ReportedUsage => ({
  ...{ subscriptionId: id as SubscriptionId, metric: 'calls', quantity: decimal('2.5'), timestamp: instant('2026-02-10T12:00:00Z') },
  ...{ idempotencyKey: 'k1', properties: { user: 'ada', level: '7' } },
  ...changes,
});
const counted = (changes: Partial<Counted> = {}): Counted => ({
  subscription: aMetered(id, everyMeter),
  now: instant('2026-02-10T12:00:00Z'),
  closedUntil: instant('1970-01-01T00:00:00Z'),
  ...changes,
});
const codeOf = (admission: Admission) => (admission.status === 'refused' ? admission.refusal.code : admission.status);

describe('Usage that is reported', () => {
  it('counts for every meter of its metric', () => {
    const admission = admit(event(), counted(), undefined);
    expect(
      admission.status === 'accepted' && admission.counts.map(({ meter, quantity, value }) => [meter.aggregation, `${quantity}`, value]),
    ).toEqual([
      ['sum', '2.5', null],
      ['count', '1', null],
      ['max', '2.5', null],
      ['last', '7', null],
      ['unique', '1', 'ada'],
    ]);
  });

  it('counts for a meter with a filter where it has one of the texts, and is accepted where it counts for none', () => {
    const subscription = aMetered(id, [callsOfAda]);
    const countsOf = (properties: Record<string, string>) => {
      const admission = admit(event({ properties }), counted({ subscription }), undefined);
      return admission.status === 'accepted' && admission.counts.length;
    };
    expect([countsOf({ user: 'Ada' }), countsOf({ user: 'bob' }), countsOf({})]).toEqual([1, 0, 0]);
  });

  it('needs no property of a meter that does not count it', () => {
    const level = { ...everyMeter[3]!, filter: { user: ['bob'] } };
    expect(codeOf(admit(event({ properties: {} }), counted({ subscription: aMetered(id, [level]) }), undefined))).toBe('accepted');
  });

  it('is told apart by its text where that is short, and by a hash where it is long or looks like one', () => {
    const kept = (user: string) => {
      const admission = admit(event({ properties: { user } }), counted({ subscription: aMetered(id, [everyMeter[4]!]) }), undefined);
      return admission.status === 'accepted' && admission.counts[0]!.value!;
    };
    const values = ['ada', 'x'.repeat(10_000), `${'x'.repeat(10_000)}y`].map(kept);
    expect(values).toEqual(['ada', expect.stringMatching(/^sha256:[0-9a-f]{64}$/), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    // Not even who knows the hash of a text can be taken for it.
    expect(new Set([...values, kept(values[1] as string)]).size).toBe(4);
  });

  it.each<[string, Partial<ReportedUsage>, Partial<Counted>, string]>([
    ['of another metric', { metric: 'storage' }, {}, 'metric_unknown'],
    ['of a metric that every object has', { metric: 'constructor' }, {}, 'metric_unknown'],
    ['of what is not metered', {}, { subscription: aMetered(id, []) }, 'metric_unknown'],
    ['five minutes ahead', { timestamp: instant('2026-02-10T12:05:00Z') }, {}, 'accepted'],
    ['more than five minutes ahead', { timestamp: instant('2026-02-10T12:05:00.001Z') }, {}, 'usage_in_future'],
    ['of the first moment', { timestamp: instant('2026-01-31T15:00:00Z') }, {}, 'accepted'],
    ['of before the start', { timestamp: instant('2026-01-31T14:59:59.999Z') }, {}, 'usage_before_start'],
    ['of after the end', {}, { subscription: aMetered(id, everyMeter, { endsAt: instant('2026-02-10T12:00:00Z') }) }, 'usage_after_end'],
    ['of before the end', {}, { subscription: aMetered(id, everyMeter, { endsAt: instant('2026-02-10T12:00:00.001Z') }) }, 'accepted'],
    ['of a period that is over, in its week', {}, { now: instant('2026-03-07T14:59:59.999Z') }, 'accepted'],
    ['of a period that is over, after its week', {}, { now: instant('2026-03-07T15:00:00Z') }, 'usage_window_closed'],
    ['of the period after that', { timestamp: instant('2026-02-28T15:00:00Z') }, { now: instant('2026-03-07T15:00:00Z') }, 'accepted'],
    ['of a time that is settled', {}, { closedUntil: instant('2026-02-10T12:00:00.001Z') }, 'usage_window_closed'],
    ['of the first moment that is not settled', {}, { closedUntil: instant('2026-02-10T12:00:00Z') }, 'accepted'],
    ['without a property that a meter reads', { properties: { user: 'ada' } }, {}, 'usage_property_invalid'],
    ['with a property that is no number', { properties: { user: 'ada', level: 'high' } }, {}, 'decimal_invalid'],
    ['below zero', { quantity: decimal('-3') }, {}, 'accepted'],
  ])('%s is answered so', (_name, changes, circumstances, expected) => {
    expect(codeOf(admit(event(changes), counted(circumstances), undefined))).toBe(expected);
  });

  it.each<[string, Partial<Counted['subscription']>, string]>([
    ['that has ended, from its end on', { endsAt: instant('2026-02-10T12:00:00.001Z') }, '2026-02-17T12:00:00.001Z'],
    ['that is on trial, from the end of that on', { anchor: null, trialEnd: instant('2026-02-14T15:00:00Z') }, '2026-02-21T15:00:00.000Z'],
  ])('of a subscription %s, is accepted for seven days', (_name, changes, until) => {
    const subscription = aMetered(id, everyMeter, changes);
    const at = (now: string) => admit(event(), counted({ subscription, now: instant(now) }), undefined);
    expect(codeOf(at(new Date(Date.parse(until) - 1).toISOString()))).toBe('accepted');
    expect(at(until)).toMatchObject({
      refusal: { code: 'usage_window_closed', message: expect.stringContaining(until), hint: expect.stringContaining('seven days') },
    });
  });

  it('is accepted for seven local days, an hour shorter where the clocks are set forward', () => {
    const subscription = aMetered(id, everyMeter, { endsAt: instant('2026-03-05T15:00:00Z') });
    const late = event({ timestamp: instant('2026-03-05T14:59:59Z') });
    const at = (now: string) => codeOf(admit(late, counted({ subscription, now: instant(now) }), undefined));
    expect([at('2026-03-12T13:59:59.999Z'), at('2026-03-12T14:00:00Z')]).toEqual(['accepted', 'usage_window_closed']);
  });

  it('of no subscription is refused', () => {
    expect(codeOf(admit(event(), undefined, undefined))).toBe('subscription_not_found');
  });

  it.each<[string, Partial<ReportedUsage>, string]>([
    ['the same', {}, 'duplicate'],
    ['the same number in other figures', { quantity: decimal('2.50') }, 'duplicate'],
    ['the same properties in another order', { properties: { level: '7', user: 'ada' } }, 'duplicate'],
    ['another quantity', { quantity: decimal('2.51') }, 'usage_key_reused'],
    ['another time', { timestamp: instant('2026-02-10T12:00:00.001Z') }, 'usage_key_reused'],
    ['another metric', { metric: 'call' }, 'usage_key_reused'],
    ['another property', { properties: { user: 'bob', level: '7' } }, 'usage_key_reused'],
    ['a property less', { properties: { user: 'ada' } }, 'usage_key_reused'],
    ['a property more', { properties: { user: 'ada', level: '7', region: 'eu' } }, 'usage_key_reused'],
  ])('under a known key, with %s, is answered so', (_name, changes, expected) => {
    expect(codeOf(admit(event(changes), counted(), event()))).toBe(expected);
  });

  it('is a duplicate however long ago its period was billed', () => {
    expect(codeOf(admit(event(), counted({ closedUntil: instant('2026-06-01T00:00:00Z') }), event()))).toBe('duplicate');
  });

  it('is counted once by prices whose meters say the same', () => {
    const admission = admit(event(), counted({ subscription: aMetered(id, [sumOfCalls, { ...sumOfCalls }]) }), undefined);
    expect(admission.status === 'accepted' && admission.counts).toHaveLength(1);
  });
});
