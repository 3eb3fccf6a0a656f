import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { houseRules } from '../../tools/architecture/house-rules.js';
import { shown } from '../../tools/architecture/rule.js';
import { readSources } from '../../tools/architecture/sources.js';
import { add } from '../../tools/new/add.js';
import { temporaryFolder } from '../support/run-folder.js';

const root = join(import.meta.dirname, '../..');
const copied = [
  'apps',
  'libs',
  'migrations',
  'test/support',
  'package.json',
  'nest-cli.json',
  'tsconfig.json',
  'biome.json',
  'jest.config.js',
  '.swcrc',
];

describe('What `npm run new` makes', () => {
  let copy: string;
  let made: string[];

  beforeAll(() => {
    copy = temporaryFolder('generated');
    for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    made = [
      ['context', 'payment-links'],
      ['aggregate', 'payment-links', 'payment-link'],
      ['read-model', 'payment-links', 'payment-link', 'link-overview'],
      ['command', 'payment-links', 'payment-link', 'open-payment-link', 'PaymentLinkOpened'],
      ['command', 'payment-links', 'payment-link', 'close-payment-link', 'PaymentLinkClosed'],
      ['saga', 'payment-links', 'PaymentLinkCreated', 'OpenPaymentLink'],
      ['aggregate', 'payment-links', 'invitation'],
      ['read-model', 'subscriptions', 'subscription', 'subscription-birthdays'],
      ['command', 'accounts', 'account', 'flag-account', 'AccountFlagged'],
      ['command', 'catalog', 'plan', 'flag-plan', 'PlanFlagged'],
      ['command', 'subscriptions', 'subscription', 'flag-subscription', 'SubscriptionFlagged'],
      ['command', 'invoicing', 'invoice', 'flag-invoice', 'InvoiceFlagged'],
      ['command', 'payments', 'payment', 'flag-payment', 'PaymentFlagged'],
      ['command', 'payments', 'payment', 'flag-payment-again', 'PaymentFlaggedAgain'],
    ].flatMap((args) => add(copy, args));
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('is all there', () => {
    expect(made).toEqual(
      expect.arrayContaining(['libs/payment-links/src/payment-link/open-payment-link.ts', 'package.json', 'apps/contexts.module.ts']),
    );
    expect(made.filter((path) => !existsSync(join(copy, path)))).toEqual([]);
  });

  it('keeps the rules of the house', () => {
    const sources = readSources(copy);
    const violations = houseRules.flatMap((rule) => rule.check(sources));
    expect(violations.map(shown)).toEqual([]);
  });

  it('passes the linter and is formatted', () => {
    const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
    const files = made.filter((path) => !path.endsWith('.md'));
    const { status, stderr } = spawnSync(process.execPath, [biome, 'check', '--vcs-enabled=false', ...files], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect({ status, complaint: status === 0 ? '' : stderr }).toEqual({ status: 0, complaint: '' });
  });

  it('passes the type checker', () => {
    const contexts = new Set(made.filter((path) => path.startsWith('libs/')).map((path) => path.split('/').slice(0, 2).join('/')));
    const config = { extends: './tsconfig.json', include: [...contexts, 'libs/platform/src/http', 'migrations'] };
    writeFileSync(join(copy, 'tsconfig.generated.json'), JSON.stringify(config));
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.generated.json'], { cwd: copy, encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('passes its own specifications, on a database migrated with it', () => {
    const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
    const specs = made.filter((path) => path.endsWith('.spec.ts'));
    const { TMPDIR = '/tmp' } = process.env;
    const env = { PATH: process.env.PATH, TMPDIR };
    const output = join(copy, 'results.json');
    spawnSync(
      process.execPath,
      ['--experimental-vm-modules', jest, '--json', '--outputFile', output, '--roots', copy, '--runTestsByPath', ...specs],
      { cwd: copy, env },
    );
    const { success, numPassedTests, numTotalTestSuites, testResults } = JSON.parse(readFileSync(output, 'utf8'));
    expect(testResults.map(({ message }: { message: string }) => message).filter((message: string) => message !== '')).toEqual([]);
    expect({ success, numTotalTestSuites, numPassedTests }).toEqual({
      success: true,
      numTotalTestSuites: specs.length,
      numPassedTests: 23,
    });
  });

  it.each([
    [['context', 'subscriptions'], 'There is a libs/subscriptions already'],
    [['aggregate', 'nowhere', 'thing'], 'make it with npm run new -- context nowhere'],
    [['command', 'payment-links', 'payment-link', 'Open', 'PaymentLinkOpened'], 'as files are named'],
    [['command', 'subscriptions', 'roster', 'flag-roster', 'RosterFlagged'], 'write the command by hand'],
    [['saga', 'payment-links', 'PaymentLinkCreated', 'CancelSubscription'], 'the context that reacts owns the saga'],
    [['service'], 'npm run new -- context'],
  ])('is nothing for %j', (args, message) => {
    expect(() => add(copy, args)).toThrow(message);
  });
});
