import { deepStrictEqual, strictEqual } from 'node:assert';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardPostgres } from '#embedded/discard.js';
import { firstMinutes, get } from './first-minutes.js';
import { Platform } from './platform.js';

/**
 * `npm run smoke`: the platform as a person first meets it. It starts, the first five minutes of the README work, Ctrl-C leaves
 * no process and no lock, and a second start finds what was made. Everything lies in a temporary folder.
 */
const root = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'perennial-smoke-'));
let running: Platform | null = null;

try {
  running = await Platform.start(root, home);
  console.log(`ready after ${(running.readyAfterMs / 1000).toFixed(1)} s, with a new database`);
  const made = await firstMinutes(running.dev);
  console.log('account, plan, subscription, paid invoice: seen by REST and by GraphQL');
  deepStrictEqual(await running.interrupt(), [], 'Ctrl-C left something behind.');
  console.log('stopped, nothing left behind');

  running = await Platform.start(root, home);
  console.log(`ready again after ${(running.readyAfterMs / 1000).toFixed(1)} s`);
  strictEqual((await get(running.dev, `/v1/invoices/${made.invoiceId}`)).status, 'paid');
  strictEqual((await get(running.dev, `/v1/accounts/${made.accountId}`)).id, made.accountId);
  deepStrictEqual(await running.interrupt(), [], 'Ctrl-C left something behind the second time.');
  running = null;
  console.log('the data was kept');
} catch (error) {
  console.error(error);
  console.error(`What it left lies in ${home}: ${readdirSync(home).join(', ')}.`);
  process.exitCode = 1;
} finally {
  if (running?.child.exitCode === null) await running.interrupt().catch(() => {});
  if (process.exitCode !== 1) {
    await discardPostgres(join(home, 'postgres'));
    rmSync(home, { recursive: true, force: true });
  }
}
