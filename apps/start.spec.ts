import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const loader = join(import.meta.dirname, '../test/support/source-loader.js');
const start = JSON.stringify(join(import.meta.dirname, 'start.ts'));

/** A process that starts as all of ours do and then does what is given; it would live for a minute. */
async function running(then: string, env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const program = `const { startedOrEnd } = await import(${start});
    await startedOrEnd(async () => { setTimeout(() => {}, 60_000); ${then} });`;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

const nobodyCatches = `setImmediate(() => { void (async function atNight() { throw new Error('nobody catches this'); })(); });`;

describe('A process', () => {
  it.each([
    ['a rejection that nobody handles', nobodyCatches, 'unhandledRejection'],
    ['an error that nobody catches', `setImmediate(function atNight() { throw new Error('nobody catches this'); });`, 'uncaughtException'],
  ])('ends by %s, after it was logged as fatal with its stack', async (_name, then, origin) => {
    const { code, out, err } = await running(then);
    expect(code).toBe(1);
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'fatal',
      msg: `The process ends: ${origin}.`,
      err: { type: 'Error', message: 'nobody catches this', stack: expect.stringContaining('atNight') },
    });
    expect(err).toBe('');
  });

  it('tells the terminal as well where its log is a file or silent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'start-'));
    const file = join(folder, 'the.log');
    const [filed, silent] = await Promise.all([
      running(nobodyCatches, { LOG_FILE: file }),
      running(nobodyCatches, { LOG_LEVEL: 'silent' }),
    ]);
    for (const { code, out, err } of [filed, silent]) {
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^Error: nobody catches this\n.*atNight/);
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ level: 'fatal' });
    rmSync(folder, { recursive: true });
  });

  it('that cannot start says why, and nothing else', async () => {
    expect(await running(`throw Object.assign(new Error('The port 3000 is taken.'), { name: 'PortTaken' });`)).toEqual({
      code: 2,
      out: '',
      err: 'The port 3000 is taken.\n',
    });
  });
});
