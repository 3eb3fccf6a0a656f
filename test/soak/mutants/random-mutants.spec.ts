import { mutationsOf } from './random-mutants.js';
import { seeingSpecs } from './seeing-specs.js';

function changed(text: string): string[] {
  return mutationsOf('a.ts', text).map(({ kind, from, to, becomes }) => `${kind}: ${text.slice(0, from)}${becomes}${text.slice(to)}`);
}

describe('The mutants of a file', () => {
  it.each([
    ['a === b', 'comparison: a !== b'],
    ['a < b', 'boundary: a <= b'],
    ['a && b', 'logic: a || b'],
    ['!a', 'negation: a'],
    ['a - b', 'arithmetic: a + b'],
    ['x = 1_000n', 'number: x = 1001n'],
    ['a ?? b', 'default: a'],
    ['f(a, b)', 'swapped arguments: f(b, a)'],
    ['stop();', 'dropped statement: ;'],
    ['async () => { await stop(); }', 'await: async () => { void stop(); }'],
    ['if (isOpen) close();', 'guard: if (false) close();'],
    ['sql(`update t where id = $1 and version = $2`)', 'where: sql(`update t where id = $1`)'],
  ])('of %p hold %p', (text, mutant) => {
    expect(changed(text)).toContain(mutant);
  });

  it.each([`import { a } from 'b';`, 'type A = 1 | 2;', '@Attribute(1) class A {}', 'const a = "x" + b;'])('leave %p alone', (text) => {
    expect(changed(text)).toEqual([]);
  });
});

describe('The specs that see a file', () => {
  it('begin with the one beside it, and end with the API', () => {
    const { near, far } = seeingSpecs(new URL('../../../', import.meta.url).pathname)('libs/kernel/src/money.ts');
    expect(near).toContain('libs/kernel/src/money.spec.ts');
    expect(far).toContain('test/api/subscriptions.spec.ts');
    expect([...near, ...far].filter((path) => path.startsWith('test/soak/'))).toEqual([]);
  });
});
