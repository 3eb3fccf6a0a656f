import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { CHAIN_START, chainHash, type HashedColumns } from './event-codec.js';

describe('a link of the chain', () => {
  const event: HashedColumns = {
    streamType: 'jar',
    streamId: newId(),
    version: 2,
    eventId: newId(),
    eventType: 'JarOpened',
    schemaVersion: 1,
    accountId: null,
    correlationId: 'a',
    causationId: null,
    actor: 'b',
    origin: null,
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
