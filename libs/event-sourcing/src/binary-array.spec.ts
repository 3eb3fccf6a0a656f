import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { type ArrayType, binaryArray, type Element } from './binary-array.js';
import { connect } from './testing/engine.js';

const EXAMPLES: Readonly<Record<ArrayType, readonly Element[]>> = {
  uuid: ['00000000-0000-0000-0000-000000000000', '0190f0c8-1a2b-7c3d-8e4f-ffeeddccbbaa', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF', null],
  text: ['', 'plain', 'quote " backslash \\ comma , brace }', 'NULL', 'Zürich 東京 🧾', 'line\nbreak\ttab', null],
  smallint: [0, 1, -1, 32_767, -32_768, null],
  integer: [0, 1, -1, 2_147_483_647, -2_147_483_648, null],
  bigint: [0n, -1n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 12, '345', null],
  boolean: [true, false, null],
  timestamptz: [
    '2000-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.999Z',
    '2026-11-23T08:09:10.123Z',
    '0001-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    new Date(1_763_885_350_123),
    null,
  ],
  date: ['2000-01-01', '1999-12-31', '2024-02-29', '0001-01-01', '9999-12-31', null],
  bytea: [Buffer.alloc(0), Buffer.from([0, 1, 254, 255]), null],
  json: ['{"a": [1, "x\\n"]}', '[]', '"text"', null],
};

function textOf(element: Element): string | null {
  if (element instanceof Date) return element.toISOString();
  if (element instanceof Buffer) return `\\x${element.toString('hex')}`;
  return element?.toString() ?? null;
}

describe('a binary array', () => {
  let testDatabase: TestDatabase;
  let source: DataSource;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    source = await connect({ url: testDatabase.url, role: null, connections: 1 });
  });
  afterAll(async () => {
    await source.destroy();
    await testDatabase.drop();
  });

  it.each(Object.entries(EXAMPLES) as [ArrayType, Element[]][])('of %s is what the same array is as text', async (type, elements) => {
    for (const some of [elements, elements.slice(0, 1), [], [null, undefined]]) {
      const texts = some.map(textOf);
      const [row] = await source.query(
        `select $1::${type}[]::text as binary, $2::text[]::${type}[]::text as text, array_length($1::${type}[], 1) as length`,
        [binaryArray(type, some), texts],
      );
      expect(row).toEqual({ binary: row.text, text: row.text, length: some.length || null });
    }
  });

  it.each<[ArrayType, Element]>([
    ['uuid', 'no uuid'],
    ['uuid', '0190f0c8-1a2b-7c3d-8e4f-ffeeddccbbag'],
    ['uuid', '0190f0c8-1a2b-7c3d-8e4f0ffeeddccbbaa'],
    ['uuid', '0190f0c8-1a2b-7c3d-8e4f-ffeeddccbbaa0'],
    ['smallint', 32_768],
    ['integer', 1.5],
    ['integer', '1'],
    ['integer', 2_147_483_648],
    ['bigint', 9_223_372_036_854_775_808n],
    ['bigint', 1.5],
    ['bigint', 'x'],
    ['boolean', 1],
    ['timestamptz', 'yesterday'],
    ['date', '2026-13-01'],
    ['date', '2026-02-30'],
    ['date', '2026-01-01T12:00:00.000Z'],
  ])('of %s refuses %p', (type, element) => {
    expect(() => binaryArray(type, [element])).toThrow();
  });
});
