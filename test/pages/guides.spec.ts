import { globSync } from 'node:fs';
import { basename } from 'node:path';
import supertest from 'supertest';
import { documentFile } from '#platform/openapi/document-files.js';
import { Laptop } from '#platform/pages/laptop.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  platform.app.get(Laptop).show({ apiKey: platform.apiKey, parts: [] });
});
afterAll(() => platform.stop());

const look = (path: string) => supertest(platform.app.getHttpServer()).get(path).set('Accept', 'text/html');
const slugs = globSync('*.md', { cwd: documentFile('.') }).map((file) => basename(file, '.md'));

describe('A guide', () => {
  it.each(slugs)('/docs/%s is a page with contents, whose links lead somewhere', async (slug) => {
    const { text } = await look(`/docs/${slug}`).expect(200).expect('Content-Type', /html/);
    expect(text).toContain(`<strong>`);
    expect(text).toContain(
      'href="/docs/getting-started"'.replace('getting-started', slug === 'getting-started' ? 'errors' : 'getting-started'),
    );
    const links = [...text.matchAll(/href="(\/[^"#]*)(#[^"]*)?"/g)].map(([, address]) => address!);
    for (const address of new Set(links)) expect([address, (await look(address)).status]).toEqual([address, 200]);
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor!);
    for (const anchor of anchors) expect(text).toContain(`id="${anchor}"`);
  });

  it('that there is not is a problem like any other', async () => {
    await look('/docs/nothing-of-that-name').expect(404);
    await look('/docs/..%2fpackage').expect(404);
  });
});

describe('The key of a laptop', () => {
  it('is told to its own pages, and to nobody else', async () => {
    expect((await look('/docs/key').expect(200).expect('Cache-Control', 'no-store')).body).toEqual({ apiKey: platform.apiKey });
    const others: Record<string, string>[] = [
      { 'X-Forwarded-For': '127.0.0.1' },
      { Host: 'evil.example:3000' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of others) expect((await look('/docs/key').set(headers)).body).toEqual({ apiKey: null });
  });
});
