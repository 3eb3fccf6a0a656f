import supertest from 'supertest';
import { Laptop } from '#platform/pages/laptop.js';
import { Chromium, type Visit } from '../support/chromium.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const PAGES = ['/', '/graphql', '/docs', '/docs/getting-started', '/docs/problems', '/nothing-here'];

let platform: TestPlatform;
let origin: string;
beforeAll(async () => {
  platform = await startPlatform();
  platform.app.get(Laptop).show({ apiKey: platform.apiKey, parts: [] });
  origin = (await platform.app.getUrl()).replace('127.0.0.1', 'localhost');
});
afterAll(() => platform.stop());

const program = Chromium.program();
const elsewhere = ({ requested }: Pick<Visit, 'requested'>) =>
  requested.filter((address) => !/^(data|blob|about):/.test(address) && new URL(address).origin !== origin);

if (program) {
  describe('In Chromium', () => {
    let browser: Chromium;
    beforeAll(async () => {
      browser = await Chromium.start(program);
    });
    afterAll(() => browser.stop());

    it.each(PAGES)('%s asks no other host, and nothing is kept out or fails', async (path) => {
      const visit = await browser.visit(`${origin}${path}`, async (page) => {
        await page.becomes(`document.querySelector('h1, h2, .cm-editor, .swagger-ui .opblock')`);
      });
      expect(elsewhere(visit)).toEqual([]);
      const complaints = visit.complaints.filter((complaint) => !(path === '/nothing-here' && complaint.includes('404')));
      expect(complaints).toEqual([]);
    });

    it('the calls of the first page lead to a paid invoice', async () => {
      const visit = await browser.visit(`${origin}/`, async (page) => {
        const run = async (number: number) => {
          await page.becomes(`document.querySelectorAll('.run:not([hidden])').length === 4`);
          await page.ask(`document.querySelectorAll('.run')[${number}].click()`);
          await page.becomes(`document.querySelectorAll('.answer figcaption')[${number + 1}].textContent.startsWith('Answered 2')`);
        };
        for (const number of [0, 1, 2]) await run(number);
        await platform.settle();
        await run(3);
        await page.becomes(`document.querySelectorAll('.answer pre')[4].textContent.includes('"status": "paid"')`);
        expect(await page.ask(`document.querySelector('mark[data-value="accountId"]').textContent`)).toMatch(/^[0-9a-f-]{36}$/);
      });
      expect(elsewhere(visit)).toEqual([]);
    });

    it('the API pages are authorized by the key of the laptop, and begin with how to begin', async () => {
      const visit = await browser.visit(`${origin}/docs`, async (page) => {
        await page.becomes(`document.querySelector('.swagger-ui .opblock')`);
        await page.becomes(`document.querySelector('.swagger-ui .auth-wrapper .locked')`);
        expect(await page.ask(`document.querySelector('.swagger-ui .info').textContent.includes('How to begin')`)).toBe(true);
      });
      expect(elsewhere(visit)).toEqual([]);
    });

    it('the explorer asks with the key of the laptop', async () => {
      const visit = await browser.visit(`${origin}/graphql`, async (page) => {
        await page.becomes(`document.querySelector('.cm-editor')`);
        await page.ask(`[...document.querySelectorAll('button')].find((button) => button.textContent.includes('Send')).click()`);
        await page.becomes(`document.body.textContent.includes('"pageInfo"')`);
      });
      expect(elsewhere(visit)).toEqual([]);
    });
  });
} else {
  process.stderr.write('No Chromium is installed here: what the pages load is read from their text, and no script of theirs is run.\n');

  describe('Without Chromium', () => {
    it.each(PAGES)('%s names nothing of another host', async (path) => {
      const { text } = await supertest(platform.app.getHttpServer()).get(path).set('Accept', 'text/html');
      const loaded = [...text.matchAll(/<(?:script|link|img|base)[^>]+(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
      expect(loaded.length).toBeGreaterThan(0);
      expect(elsewhere({ requested: loaded.map((address) => new URL(address, origin).href) })).toEqual([]);
    });
  });
}
