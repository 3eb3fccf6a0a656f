import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesOf } from '../../tools/docs/messages.js';
import { Program } from '../../tools/docs/program.js';
import { temporaryFolder } from '../support/run-folder.js';

const DECLARATIONS = `
  function DomainEvent<T extends string>(type: T) { return class<D extends object> { constructor(readonly data: D) {} }; }
  function Command<T extends string>(type: T) { return class<D extends object> { constructor(readonly data: D) {} }; }
  class Money { #minor = 0n; toJSON(): { amount: string; currency: 'USD' | 'EUR' } { return { amount: String(this.#minor), currency: 'USD' }; } }
  class Opaque { #inner = 1; }
  declare const brand: unique symbol;
  type AccountId = string & { readonly [brand]: 'account' };
`;

describe('The catalogue of events', () => {
  let root: string;

  beforeAll(() => {
    root = temporaryFolder('catalogues');
    mkdirSync(join(root, 'libs/x/src'), { recursive: true });
    writeFileSync(
      join(root, 'tsconfig.json'),
      '{ "compilerOptions": { "target": "es2022", "lib": ["es2022"], "strict": true, "types": [] } }',
    );
  });

  afterAll(() => rmSync(root, { recursive: true }));

  function shapeOf(declaration: string): string | undefined {
    writeFileSync(join(root, 'libs/x/src/x.events.ts'), `${DECLARATIONS}\n${declaration}\nexport {};`);
    return messagesOf(new Program(root)).get('Made')?.shape;
  }

  const event = (data: string): string => `class Made extends DomainEvent('Made')<${data}> {}`;

  it('shows an amount as it is stored, wherever it stands', () => {
    const money = `{ amount: string; currency: 'USD' | 'EUR' }`;
    expect(shapeOf(event('{ due: Money; paid: Money | null; lines: readonly { total: Money }[] }'))).toBe(
      `{\n  due: ${money};\n  paid: ${money} | null;\n  lines: { total: ${money} }[];\n}`,
    );
  });

  it('shows ids by their names, optional fields, and comments', () => {
    expect(shapeOf(event('{\n/** Whose it is. */\naccountId: AccountId; note?: string; labels: Record<string, string> }'))).toBe(
      '{\n  // Whose it is.\n  accountId: AccountId;\n  note?: string;\n  labels: { [key: string]: string };\n}',
    );
  });

  it.each([
    ['a class that says nothing', '{ inner: Opaque }', 'Made.inner would be described as an empty object'],
    ['an empty object', '{ inner: {} }', 'Made.inner would be described as an empty object'],
    ['no data at all', '{}', 'Made would be described as an empty object'],
    ['a bigint', '{ amount: bigint }', 'Made.amount cannot be stored as JSON'],
    ['anything', '{ inner: unknown }', 'Made.inner has a type that says nothing'],
    ['an object of any kind', '{ inner: object }', 'Made.inner would be described as an empty object'],
    ['a function', '{ later: () => void }', 'Made.later is a function'],
  ])('refuses to describe %s', (_, data, message) => {
    expect(() => shapeOf(event(data))).toThrow(message);
  });

  it('lets a command carry input that is yet to be checked', () => {
    expect(shapeOf(`class Made extends Command('Made')<{ terms: object }> {}`)).toBe('{\n  terms: object;\n}');
  });
});
