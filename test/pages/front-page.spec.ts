import supertest from 'supertest';
import { Laptop } from '#platform/pages/laptop.js';
import { exampleQueries } from '../../apps/api/src/front/example-queries.js';
import { firstCalls } from '../../apps/api/src/front/first-calls.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  platform.app.get(Laptop).show({ apiKey: platform.apiKey, parts: [{ name: 'Database', what: 'one <of> its own' }] });
});
afterAll(() => platform.stop());

/** As a browser on the machine asks, unless the headers say otherwise. */
function look(path: string, headers: Record<string, string> = {}): supertest.Test {
  return supertest(platform.app.getHttpServer())
    .get(path)
    .set({ Accept: BROWSER, ...headers });
}

describe('The first page', () => {
  it('says what runs, links to everything, and shows the key and the calls that it opens', async () => {
    const { text, headers } = await look('/').expect(200).expect('Content-Type', /html/);
    expect(text).toContain('<dt>Database</dt><dd>one &lt;of&gt; its own</dd>');
    for (const address of ['/docs', '/graphql', '/docs/problems', '/docs/openapi.json', '/metrics', '/health/details'])
      expect(text).toContain(`href="${address}"`);
    expect(text).toContain(`data-key="${platform.apiKey}"`);
    for (const { title, path } of firstCalls) {
      expect(text).toContain(title);
      expect(text).toContain(path.split('{')[0]);
    }
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['through a proxy', { 'X-Forwarded-For': '127.0.0.1' }],
    ['by a name that was made to mean this machine', { Host: 'evil.example:3000' }],
    ['by a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['by a page of another port of this machine', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:5173' }],
  ])('shows no key and nothing of the machine when it is asked %s', async (_how, headers) => {
    for (const path of ['/', '/graphql']) {
      const answer = await look(path, headers as Record<string, string>).expect(200);
      expect(answer.text).not.toContain(platform.apiKey);
      expect(answer.text).not.toContain('Database');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('shows calls that work in their order, with the answers that they get', async () => {
    const kept = new Map<string, string>();
    const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => kept.get(name) ?? whole);
    for (const { method, path, body, keep, until, answer } of firstCalls) {
      if (until) await platform.settle();
      const sent = method === 'GET' ? platform.get(filled(path)) : platform.post(filled(path), JSON.parse(filled(JSON.stringify(body))));
      const { body: got } = await sent.expect(method === 'GET' ? 200 : 201);
      expect(got).toMatchObject(withoutChance(answer));
      for (const [name, field] of Object.entries(keep)) kept.set(name, got[field]);
    }
  });
});

/** Ids and invoice numbers differ each time. */
function withoutChance(answer: object): object {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      if (/^[0-9a-f-]{36}$/.test(value)) return [name, expect.stringMatching(/^[0-9a-f-]{36}$/)];
      return [name, name === 'number' ? expect.stringMatching(/^INV-\d{4}-\d{6}$/) : value];
    }),
  );
}

describe('The explorer', () => {
  it('opens in a browser, with examples, and only there', async () => {
    const { text, headers } = await look('/graphql').expect(200).expect('Content-Type', /html/);
    for (const { name } of exampleQueries) expect(text).toContain(name);
    expect(text).toContain('<base href="/graphql/explorer/">');
    expect(headers.vary).toContain('Accept');
    for (const Accept of ['*/*', 'application/json']) await look('/graphql', { Accept }).expect(405).expect('Allow', 'POST');
    await look('/graphql?query={me}', { Accept: 'application/graphql-response+json' }).expect(405);
  });

  it.each(exampleQueries.map(({ name, query }) => [name, query]))('has an example that works: %s', async (_name, query) => {
    const { body } = await platform.graphql(query).expect(200);
    expect(body.errors).toBeUndefined();
  });
});

describe('A failed look', () => {
  it('is a page in a browser, and a problem document elsewhere', async () => {
    const { text } = await look('/nothing/<b>').expect(404).expect('Content-Type', 'text/html; charset=utf-8');
    expect(text).toContain('There is nothing at /nothing/');
    expect(text).not.toContain('<b>');
    await look('/nothing', { Accept: '*/*' }).expect(404).expect('Content-Type', 'application/problem+json');
    await supertest(platform.app.getHttpServer())
      .post('/nothing')
      .set('Accept', BROWSER)
      .expect(404)
      .expect('Content-Type', 'application/problem+json');
  });

  it('for want of a key says how to send one', async () => {
    const { text } = await look('/metrics')
      .expect(401)
      .expect('WWW-Authenticate', /Bearer/);
    expect(text).toContain('Authorization: Bearer YOUR_KEY');
  });
});

describe('What pages are made of', () => {
  it.each(['/favicon.svg', '/favicon.ico', '/assets/pages.css', '/assets/pages.js', '/assets/explorer.js', '/graphql/explorer/main.js'])(
    '%s is there for everybody',
    async (path) => {
      const { headers } = await look(path).expect(200);
      expect(headers).not.toHaveProperty('etag');
      expect(headers['content-type']).toMatch(/svg|css|javascript/);
    },
  );
});
