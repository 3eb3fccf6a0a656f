import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/run-folder.js';
import { localEnvironment, startLocal } from './start-local.js';

const folder = temporaryFolder('start-local');

describe('npm start', () => {
  it.each([
    ['PORT', 'abc'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'nonsense'],
    ['STRIPE_API_KEY', 'nonsense'],
    ['CORS_ORIGINS', '*'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s in one sentence that names the setting, and starts nothing', async (variable, value) => {
    const refusal = await startLocal({ PERENNIAL_HOME: folder, [variable]: value }).catch((error: unknown) => error);
    expect((refusal as Error).name).toMatch(/^(ConfigError|UsageError)$/);
    expect((refusal as Error).message).toMatch(new RegExp(`^${variable} must be [^\n]+\\.$`));
  });

  it('refuses a folder that is a file', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(startLocal({ PERENNIAL_HOME: join(file, 'inside') })).rejects.toThrow(/^PERENNIAL_HOME must be a folder/);
  });

  it('lets pages of this machine call, unless it is told otherwise', () => {
    expect(localEnvironment({}).CORS_ORIGINS).toBe('http://localhost:*,http://127.0.0.1:*');
    expect(localEnvironment({ CORS_ORIGINS: '' }).CORS_ORIGINS).toBe('');
  });
});
