import { getIntrospectionQuery } from 'graphql';
import request from 'supertest';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { GraphqlModule } from './graphql.module.js';
import { batches, HUGE, ThingResolver, things } from './things.examples.js';

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ imports: [GraphqlModule.of()], providers: [ThingResolver] });
});
afterAll(() => probe.app.close());

interface Answer {
  data?: Record<string, never> | null;
  errors?: { message: string; path?: string[]; extensions: { code: string; hint: string; requestId: string; errors?: object[] } }[];
}

const http = () => request(probe.app.getHttpServer());
const send = (body: object) => http().post('/graphql').set('Authorization', probe.authorization).send(body);

async function ask(query: string, variables: object = {}): Promise<Answer> {
  return (await send({ query, variables })).body;
}

const codeOf = (answer: Answer) => answer.errors?.[0]?.extensions.code;

describe('The GraphQL door', () => {
  it('lets nobody in without a key, not even to look at the schema', async () => {
    for (const query of ['{ me }', '{ __typename }', '{ __schema { types { name } } }']) {
      const { body } = await http().post('/graphql').send({ query }).expect(401);
      expect(codeOf(body)).toBe('api_key_missing');
      expect(body.data).toBeUndefined();
    }
    const { body } = await http().post('/graphql').set('Authorization', 'Bearer pk_wrong').send({ query: '{ me }' }).expect(401);
    expect(codeOf(body)).toBe('api_key_invalid');
  });

  it('knows who is asking', async () => {
    expect(await ask('{ me }')).toEqual({ data: { me: 'billing_admin' } });
  });

  it('takes POST only, and shows its explorer in a browser', async () => {
    const { body, headers } = await http()
      .get('/graphql?query={me}')
      .set('Authorization', probe.authorization)
      .set('Apollo-Require-Preflight', '1')
      .expect(405);
    expect([codeOf(body), headers.allow]).toEqual(['method_not_allowed', 'POST']);
    await http().get('/graphql').set('Accept', 'text/html').expect(200).expect('Content-Type', /html/);
  });

  it('takes no batches, and no forms of another site', async () => {
    expect(codeOf((await send([{ query: '{ me }' }, { query: '{ me }' }]).expect(400)).body)).toBe('bad_request');
    await http()
      .post('/graphql')
      .set('Authorization', probe.authorization)
      .set('Content-Type', 'text/plain')
      .send('{"query":"{ me }"}')
      .expect(415);
    expect(codeOf((await http().post('/graphql').set('Authorization', probe.authorization).expect(400)).body)).toBe('bad_request');
  });

  it('shows its schema when it may, and does not when it may not', async () => {
    expect((await ask(getIntrospectionQuery())).data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
    const closed = await startProbe({ imports: [GraphqlModule.of()], providers: [ThingResolver] }, { GRAPHQL_INTROSPECTION: 'false' });
    const query = (text: string) =>
      request(closed.app.getHttpServer()).post('/graphql').set('Authorization', closed.authorization).send({ query: text });
    expect(codeOf((await query('{ __schema { queryType { name } } }')).body)).toBe('graphql_invalid');
    const misspelt = '{ thinks { pageInfo { hasNextPage } } }';
    expect((await query(misspelt)).text).not.toContain('Did you mean');
    expect((await ask(misspelt)).errors?.[0]?.message).toContain('Did you mean "things"');
    await closed.app.close();
  });
});

describe('A GraphQL error', () => {
  it('has the code, hint and pointers that REST has, and its path', async () => {
    const response = await send({ query: '{ thing(id: "x") { id } }' }).expect(200);
    expect(response.body.errors).toEqual([
      {
        message: 'There is no thing x.',
        path: ['thing'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'thing_not_found',
          hint: 'Look it up.',
          requestId: response.headers['x-request-id'],
          errors: [{ pointer: '/id', code: 'thing_not_found', detail: 'There is no thing x.' }],
        },
      },
    ]);
  });

  it('that nobody expected tells nothing, and is logged', async () => {
    probe.logged.length = 0;
    const { text, body } = await send({ query: '{ thing(id: "crash") { id } }' });
    expect(codeOf(body)).toBe('internal_error');
    expect(text).not.toMatch(/hunter2|stack/);
    expect(probe.logged).toContainEqual(
      expect.objectContaining({ level: 'error', msg: 'A GraphQL field failed unexpectedly.', requestId: expect.any(String) }),
    );
  });

  it.each([
    ['{ me', {}, 'graphql_malformed'],
    ['{ nothing }', {}, 'graphql_invalid'],
    ['query ($id: ID!) { thing(id: $id) { id } }', {}, 'graphql_invalid'],
    ['query ($at: Instant!) { echo(at: $at) }', { at: 'yesterday' }, 'instant_invalid'],
    ['{ echo(at: "yesterday") }', {}, 'instant_invalid'],
    ['{ things(first: 0) { pageInfo { hasNextPage } } }', {}, 'limit_invalid'],
    ['{ things(first: -5) { pageInfo { hasNextPage } } }', {}, 'limit_invalid'],
    ['{ things(first: 101) { pageInfo { hasNextPage } } }', {}, 'limit_invalid'],
    ['query ($n: Int) { things(first: $n) { pageInfo { hasNextPage } } }', { n: 101 }, 'limit_invalid'],
    ['{ thing(id: "a\\u0000b") { id } }', {}, 'text_invalid'],
    ['query ($id: ID = "\\u0000") { thing(id: $id) { id } }', {}, 'text_invalid'],
    ['query ($id: ID!) { thing(id: $id) { id } }', { id: 'a\u0000b' }, 'text_invalid'],
    ['query ($id: ID!) { thing(id: $id) { id } }', { 'i\ud800': 'a' }, 'text_invalid'],
    ['{ thing(id: "\\ud800") { id } }', {}, 'graphql_malformed'],
    ['{ thing(id: "\u0000") { id } }', {}, 'text_invalid'],
    ['{ things(after: "x") { pageInfo { hasNextPage } } }', {}, 'cursor_invalid'],
  ])('for %s with %j is %s', async (query, variables, code) => {
    const answer = await ask(query, variables);
    expect(codeOf(answer)).toBe(code);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ hint: expect.any(String), requestId: expect.any(String) });
  });
});

describe('A failure before the query is read', () => {
  const raw = (text: string, type = 'application/json') =>
    http().post('/graphql').set('Authorization', probe.authorization).set('Content-Type', type).send(text);

  it.each([
    ['a body that is no JSON', () => raw('{'), 400, 'json_malformed'],
    ['a body of another kind', () => raw('query', 'text/plain'), 415, 'media_type_unsupported'],
    ['a field that is named twice', () => raw('{"query":"{ me }","query":"{ me }"}'), 422, 'name_repeated'],
    ['another method', () => http().put('/graphql').set('Authorization', probe.authorization), 405, 'method_not_allowed'],
  ])('has the form of GraphQL too: %s', async (_name, sent, status, code) => {
    const { body, headers } = await sent().expect(status);
    expect(headers['content-type']).toContain('application/json');
    expect(body).toEqual({ errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })] });
  });

  it('and every other speaks the words of GraphQL', async () => {
    const answers = [
      await ask('{ things(first: 101) { pageInfo { hasNextPage } } }'),
      await ask('{ things(after: "x") { pageInfo { hasNextPage } } }'),
      await ask('{ things(color: "far too long") { pageInfo { hasNextPage } } }'),
      (await raw('{')).body as Answer,
    ];
    for (const { errors } of answers) {
      expect(JSON.stringify(errors)).not.toMatch(/\blimit\b(?!_)|nextCursor|\/docs|\/limit|\/cursor|\bbody\b.*endpoint/);
    }
    expect(answers.map(codeOf)).toEqual(['limit_invalid', 'cursor_invalid', 'validation_failed', 'json_malformed']);
  });
});

describe('A connection', () => {
  it.each([
    ['{ things(first: 100) { edges { node { id } } } }', {}, 100],
    ['query ($n: Int) { things(first: $n) { edges { node { id } } } }', { n: 100 }, 100],
    ['{ things { edges { node { id } } } }', {}, 20],
    ['{ things(first: null) { edges { node { id } } } }', {}, 20],
    ['{ things(first: 3) { edges { node { id } } } }', {}, 3],
  ])('%s with %j has %i edges', async (query, variables, count) => {
    const { data } = (await ask(query, variables)) as unknown as { data: { things: { edges: object[] } } };
    expect(data.things.edges).toHaveLength(count);
  });

  it('is walked by its cursors, which REST lists share', async () => {
    const query =
      'query ($after: String) { things(first: 40, after: $after) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }';
    const ids: string[] = [];
    let pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null } = {
      hasNextPage: true,
      hasPreviousPage: false,
      endCursor: null,
    };
    while (pageInfo.hasNextPage) {
      const answer = (await ask(query, { after: pageInfo.endCursor })) as unknown as {
        data: { things: { edges: { node: { id: string } }[]; pageInfo: typeof pageInfo } };
      };
      expect(answer.data.things.pageInfo.hasPreviousPage).toBe(pageInfo.endCursor !== null);
      ids.push(...answer.data.things.edges.map(({ node }) => node.id));
      ({ pageInfo } = answer.data.things);
    }
    expect(ids).toEqual(things.map(({ id }) => id));
  });

  it('loads what its nodes need once for all of them, and anew for each request', async () => {
    batches.length = 0;
    await ask('{ things(first: 5) { edges { node { label } } } }');
    await ask('{ things(first: 5) { edges { node { label } } } }');
    expect(batches.map((ids) => ids.length)).toEqual([5, 5]);
  });
});

describe('A scalar', () => {
  it('of money is exact beyond 2^53, and formatted by locale', async () => {
    const answer = await ask(
      '{ things(first: 1) { edges { node { createdAt total { amount currency formatted de: formatted(locale: "de-DE") } } } } }',
    );
    const total = {
      amount: HUGE.toString(),
      currency: 'USD',
      formatted: '$92,233,720,368,547,758.08',
      de: expect.stringMatching(/^92\.233\.720\.368\.547\.758,08\s\$$/),
    };
    expect(answer.data).toMatchObject({ things: { edges: [{ node: { createdAt: '2023-11-14T22:13:20.000Z', total } }] } });
  });

  it.each([['"9223372036854775808"'], ['9223372036854775808']])('of money takes the literal %s', async (literal) => {
    expect(await ask(`mutation { double(amount: ${literal}) }`)).toEqual({ data: { double: '18446744073709551616' } });
  });

  it('of money takes variables, but no number that JSON would round', async () => {
    const query = 'mutation ($a: MoneyAmount!) { double(amount: $a) }';
    expect((await ask(query, { a: '9223372036854775808' })).data).toEqual({ double: '18446744073709551616' });
    expect((await ask(query, { a: 21 })).data).toEqual({ double: '42' });
    const { body } = await http()
      .post('/graphql')
      .set('Authorization', probe.authorization)
      .set('Content-Type', 'application/json')
      .send(`{"query":"${query}","variables":{"a":9223372036854775808}}`)
      .expect(422);
    expect(body.errors).toMatchObject([{ extensions: { code: 'amount_too_large', errors: [{ pointer: '/variables/a' }] } }]);
    expect(codeOf(await ask(query, { a: 1.5 }))).toBe('number_not_whole');
    for (const a of ['1.5', 'x', true, '9'.repeat(31)]) expect(codeOf(await ask(query, { a }))).toBe('graphql_invalid');
  });

  it('of an instant is brought to the fixed form', async () => {
    expect((await ask('{ echo(at: "2026-01-31T10:00:00+01:00") }')).data).toEqual({ echo: '2026-01-31T09:00:00.000Z' });
  });
});
