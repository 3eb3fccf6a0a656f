import { readFileSync } from 'node:fs';
import { welcome } from './welcome.js';

const apiKey = `pk_${'0'.repeat(24)}_${'x'.repeat(43)}`;

describe('The box of npm start', () => {
  it.each(['/srv/ada/.perennial', `/srv/ada/${'a-long-folder/'.repeat(9)}.perennial`])('fits 80 columns with its data in %s', (home) => {
    const text = welcome({ baseUrl: 'http://localhost:65535', apiKey, simulatorUrl: 'http://127.0.0.1:65535', home });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain(apiKey);
    expect(text.replace(/\n│ +|[│\s]/g, '')).toContain(home);
  });

  it('names a command of the project', () => {
    const [, script] = /npm run ([a-z-]+)/.exec(welcome({ baseUrl: '', apiKey, simulatorUrl: null, home: '' }))!;
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(manifest.scripts).toHaveProperty(script!);
  });
});
