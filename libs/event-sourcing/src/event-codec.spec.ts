import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { CHAIN_START, chainHash, decode, encode, type HashedColumns } from './event-codec.js';

describe('the stored form of data', () => {
  it('keeps money exact at any depth', () => {
    const data = {
      total: Money.of(9_007_199_254_740_993n, 'USD'),
      lines: [{ amount: Money.of(-1n, 'JPY') }, { amount: Money.of(0n, 'EUR') }],
    };
    expect(decode(encode(data))).toEqual(data);
    expect(encode(data)).toContain('"9007199254740993"');
  });

  // What customers may write into metadata must never make a stream unreadable.
  it.each([
    [{ amount: 'ten', currency: 'USD' }],
    [{ amount: '12.50', currency: 'USD' }],
    [{ amount: '007', currency: 'USD' }],
    [{ amount: '10', currency: 'beans' }],
    [{ amount: '10', currency: 'USD', note: 'three fields' }],
    [{ amount: '', currency: 'USD' }],
    [{ amount: '10', currency: 'toString' }],
  ])('leaves %j as it is', (metadata) => {
    expect(decode(encode({ metadata }))).toEqual({ metadata });
    expect(decode<{ metadata: unknown }>(encode({ metadata })).metadata).not.toBeInstanceOf(Money);
  });
});

describe('a link of the chain', () => {
  const event: HashedColumns = {
    streamType: 'jar',
    streamId: newId(),
    version: 2,
    eventId: newId(),
    eventType: 'JarOpened',
    schemaVersion: 1,
    correlationId: 'a',
    causationId: null,
    actor: 'b',
    effectiveAt: instant('2026-01-31T12:00:00Z'),
    payload: '{}',
  };

  it('follows from the previous link and every column', () => {
    const links = [
      chainHash(CHAIN_START, event),
      chainHash(Buffer.alloc(32, 1), event),
      ...Object.keys(event).map((column) => chainHash(CHAIN_START, { ...event, [column]: column === 'version' ? 3 : 'changed' })),
    ].map((link) => link.toString('hex'));
    expect(new Set(links).size).toBe(links.length);
    expect(chainHash(CHAIN_START, { ...event })).toEqual(chainHash(CHAIN_START, event));
  });

  it('is not the same when text moves from one column to the next', () => {
    const [one, other] = [
      chainHash(CHAIN_START, { ...event, correlationId: 'ab', actor: 'c' }),
      chainHash(CHAIN_START, { ...event, correlationId: 'a', actor: 'bc' }),
    ];
    expect(one.equals(other)).toBe(false);
  });
});
