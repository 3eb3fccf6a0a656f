import { seal, sealingKey, unseal, unwrap, wrap } from './sealing.js';

const key = sealingKey(Buffer.alloc(64, 1));
const other = sealingKey(Buffer.alloc(64, 2));

describe('A sealed text', () => {
  it('opens with its key, at its place', () => {
    expect(unseal(key, 'stream/1/name', seal(key, 'stream/1/name', '"Ada"'))).toBe('"Ada"');
  });

  it('does not open with another key, elsewhere, or changed', () => {
    const sealed = seal(key, 'stream/1/name', '"Ada"');
    const changed = sealed.slice(0, -2) + (sealed.endsWith('A') ? 'BB' : 'AA');
    expect(() => unseal(other, 'stream/1/name', sealed)).toThrow();
    expect(() => unseal(key, 'stream/2/name', sealed)).toThrow();
    expect(() => unseal(key, 'stream/1/name', changed)).toThrow();
    expect(() => unseal(key, 'stream/1/name', 'Ada')).toThrow(/not sealed/);
  });

  it('is the same bytes for the same text at the same place, and for nothing else', () => {
    const texts = [
      seal(key, 'stream/1/name', '"Ada"'),
      seal(key, 'stream/2/name', '"Ada"'),
      seal(key, 'stream/1/name', '"Bob"'),
      seal(other, 'stream/1/name', '"Ada"'),
    ];
    expect(new Set(texts).size).toBe(4);
    expect(seal(key, 'stream/1/name', '"Ada"')).toBe(texts[0]);
  });
});

it('A wrapped key comes back with its master key and for its account only', () => {
  const [master, secret] = [Buffer.alloc(32, 3), Buffer.alloc(64, 4)];
  const wrapped = wrap(master, 'account/person', secret);
  expect(unwrap(master, 'account/person', wrapped)).toEqual(secret);
  expect(() => unwrap(Buffer.alloc(32, 5), 'account/person', wrapped)).toThrow();
  expect(() => unwrap(master, 'other/person', wrapped)).toThrow();
});
