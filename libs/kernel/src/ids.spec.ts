import fc from 'fast-check';
import { BUCKETS, bucketOf, derivedId, hashedId, id, isId, newId } from './ids.js';

const anyBucket = fc.integer({ min: 0, max: BUCKETS - 1 });

describe('An id', () => {
  it('is a UUID of version 7 that carries its bucket in its last byte', () => {
    fc.assert(
      fc.property(anyBucket, (bucket) => {
        const made = newId(bucket);
        expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(bucketOf(made)).toBe(bucket);
      }),
    );
  });

  it('is spread over the buckets when none is given', () => {
    expect(new Set(Array.from({ length: 5000 }, () => bucketOf(newId()))).size).toBe(BUCKETS);
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(7))).size).toBe(10_000);
  });

  it('begins with the time it was made, in milliseconds', () => {
    const before = Date.now();
    const made = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now());
  });

  it.each([-1, 256, 1.5, Number.NaN])('is not made for bucket %d, which does not exist', (bucket) => {
    expect(() => newId(bucket)).toThrow(RangeError);
  });

  it('is read in any letter case and kept in lower case', () => {
    const made = newId();
    expect(id(made.toUpperCase())).toBe(made);
    expect(isId(made)).toBe(true);
    expect(isId(made.toUpperCase())).toBe(false);
  });

  it.each(['', '42', 'zzzzzzzz-0000-7000-8000-000000000000', '00000000000070008000000000000000'])(
    'is refused when given as "%s"',
    (given) => {
      expect(() => id(given, '/accountId')).toThrow(expect.objectContaining({ code: 'id_invalid', pointer: '/accountId' }));
      expect(isId(given)).toBe(false);
    },
  );
});

describe('A derived id', () => {
  it('is what it has always been: stored ids are met again by it', () => {
    expect(hashedId('x', 17)).toBe('2d711642-b726-8044-8162-7ca9fbac3211');
    expect(derivedId('01a20862-1210-7826-8d70-b3a512fc89b0', 'event/1')).toBe('460d3682-bd4b-8c9b-8494-6214aaba8db0');
  });

  it('is the same every time, stays in the bucket of its parent, and differs by parent and by name', () => {
    fc.assert(
      fc.property(anyBucket, fc.string(), fc.string(), (bucket, name, other) => {
        const parent = newId(bucket);
        const derived = derivedId(parent, name);
        expect(derived).toBe(derivedId(parent, name));
        expect(isId(derived)).toBe(true);
        expect(bucketOf(derived)).toBe(bucket);
        expect(derived).not.toBe(derivedId(newId(bucket), name));
        if (name !== other) expect(derived).not.toBe(derivedId(parent, other));
      }),
    );
  });

  it('never changes with the version of the software, since it is stored', () => {
    expect(derivedId('0190f5b2-7c1e-7a00-8000-0000000000ab', 'period/0')).toBe('88a18c9e-2600-89c5-9075-9ca80da46cab');
    expect(hashedId('plan/basic')).toBe('c33dc573-cd8f-80c4-a7e2-fc9c22e94085');
  });

  it('is not made from what is no id', () => {
    expect(() => derivedId('period', 'name')).toThrow(RangeError);
  });
});
