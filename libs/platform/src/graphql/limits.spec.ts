import request from 'supertest';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { GraphqlModule } from './graphql.module.js';
import { ThingResolver } from './things.examples.js';

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ imports: [GraphqlModule.of()], providers: [ThingResolver] });
});
afterAll(() => probe.app.close());

const send = (body: object) => request(probe.app.getHttpServer()).post('/graphql').set('Authorization', probe.authorization).send(body);

const DEAR = /^The query costs 30,\d{3}; the limit is 10,000\. Most of it is `things`, with 30,\d{3}\.$/;

describe('A query over a limit is refused with what it costs and what it may', () => {
  const nested = (levels: number): string => (levels === 0 ? '{ id }' : `{ children(first: 1) { edges { node ${nested(levels - 1)} } } }`);
  const spreads = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Thing { ...F${i + 1} ...F${i + 1} }`).join(' ');

  const manifold = Array.from({ length: 5 }, (_, i) => `fragment F${i} on Thing { ${`...F${i + 1} `.repeat(12)}}`).join(' ');

  it.each([
    ['too deep', `{ thing(id: "x") ${nested(8)} }`, {}, /^The query is 2\d levels deep; the limit is 16\.$/],
    [
      'with too many aliases',
      `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: me`).join(' ')} }`,
      {},
      /^The query has \d+ aliases; the limit is 15\.$/,
    ],
    ['too long', `{ ${'me '.repeat(2_000)} }`, {}, /^The query has more than 1500 tokens, which is the limit\.$/],
    ['with too many directives', `{ ${'me @include(if: true) '.repeat(30)} }`, {}, /^The query has \d+ directives; the limit is 20\.$/],
    [
      'with pages of pages in literals',
      '{ things(first: 100) { edges { node { children(first: 100) { edges { node { id } } } } } } }',
      {},
      DEAR,
    ],
    [
      'with pages of pages in variables',
      'query ($n: Int) { things(first: $n) { edges { node { children(first: $n) { edges { node { id } } } } } } }',
      { n: 100 },
      DEAR,
    ],
    [
      'with pages of pages in defaults of variables',
      'query ($n: Int = 100) { things(first: $n) { edges { node { children(first: $n) { edges { node { id } } } } } } }',
      {},
      DEAR,
    ],
    ['with fragments that multiply each other', `{ thing(id: "x") { ...F0 } } ${manifold} fragment F5 on Thing { id }`, {}, /./],
    ['with fragments that double each other, deeply', `{ thing(id: "x") { ...F0 } } ${spreads} fragment F60 on Thing { id }`, {}, /./],
  ])('%s', async (_, query, variables, message) => {
    const response = await send({ query, variables });
    expect(response.body).toMatchObject({
      errors: [{ message: expect.stringMatching(message), extensions: { code: 'query_too_complex' } }],
    });
    expect(response.status).toBe(400);
  });

  it('and one within them is answered', async () => {
    const query = 'query ($n: Int) { things(first: $n) { edges { node { children(first: $n) { edges { node { id } } } } } } }';
    expect((await send({ query, variables: { n: 20 } })).body.errors).toBeUndefined();
  });
});
