import ts from 'typescript';
import { folderOfRole, isSpec, placeOf } from './layout.js';
import { inEach, linesMatching, type Rule, type Violation } from './rule.js';
import type { Source } from './sources.js';

const isCode = (path: string): boolean => /^(apps|libs|migrations|test|tools)\/.*\.(ts|js)$/.test(path);
const isOurRule = (path: string): boolean => path.startsWith('tools/architecture/');
const inLibs = (path: string): boolean => path.startsWith('libs/') && path.endsWith('.ts');

/** What a second part of a file's name may be: `plan.events.ts`. */
const ROLES = [
  ...['module', 'context', 'graphql', 'controller', 'resolver', 'requests', 'guard', 'filter', 'command'],
  ...['facts', 'job', 'store', 'saga', 'projection', 'query', 'gateway'],
  ...['events', 'state', 'decider', 'policies', 'refusals', 'postings', 'series', 'upcasters', 'examples', 'spec'],
];

const MOST_LINES = 350;

/** Where an amount leaves as a JSON number, after its size was checked. */
const AMOUNT_EDGES = ['libs/kernel/src/money-wire.ts'];

export const tidyRules: readonly Rule[] = [
  {
    sentence: 'No file is called utils, common, helpers, base, impl or index',
    check: named(isCode, (path) => /(^|[/.-])(utils?|commons?|helpers?|base|impl|misc|shared)(?=[/.-])|(^|\/)index\./.exec(path)?.[0]),
    badExamples: [
      { 'libs/accounts/src/index.ts': '' },
      { 'libs/accounts/src/money-utils.ts': '' },
      { 'libs/platform/src/common/page.ts': '' },
      { 'libs/payments/src/gateways/stripe.impl.ts': '' },
      { 'apps/api/src/base-controller.ts': '' },
    ],
    goodExamples: [{ 'libs/platform/src/database/database.module.ts': '', 'libs/catalog/src/price-index.ts': '' }],
  },
  {
    sentence: 'The second part of a file name is a role from the closed list',
    check: named(
      (path) => /^(libs|apps)\/.*\.ts$/.test(path),
      (path) => {
        const parts = path
          .slice(path.lastIndexOf('/') + 1)
          .split('.')
          .slice(1, -1);
        return parts.find((part) => !ROLES.includes(part));
      },
    ),
    badExamples: [
      { 'libs/accounts/src/account.service.ts': '' },
      { 'libs/accounts/src/api/new-account.dto.ts': '' },
      { 'libs/payments/src/jobs/collect-payment.handler.ts': '' },
    ],
    goodExamples: [{ 'libs/accounts/src/read-models/x/x.projection.spec.ts': '', 'libs/accounts/src/contract.graphql.ts': '' }],
  },
  {
    sentence: 'A role has its folder: facts are loaded in `facts/`, jobs done in `jobs/`, tables beside the log kept in `stores/`',
    check: named(
      (path) => placeOf(path)?.isContext === true,
      (path) => {
        const { folder, file } = placeOf(path)!;
        const roles = file
          .split('.')
          .slice(1, -1)
          .filter((role) => role !== 'spec');
        const strays = roles.filter((role) => (folderOfRole[role] ?? folder) !== folder);
        const isNamed = !['facts', 'stores'].includes(folder) || roles.some((role) => folderOfRole[role] === folder);
        return strays[0] ? `belongs in ${folderOfRole[strays[0]]}/` : isNamed ? undefined : `has no role in ${folder}/`;
      },
    ),
    badExamples: [
      { 'libs/payments/src/jobs/request-payment.facts.ts': '' },
      { 'libs/payments/src/payment/collect-payment.job.ts': '' },
      { 'libs/payments/src/stray-charges.store.ts': '' },
      { 'libs/payments/src/handlers/collect-payment.job.ts': '' },
      { 'libs/payments/src/facts/payer.ts': '' },
      { 'libs/payments/src/stores/stray-charges.ts': '' },
    ],
    goodExamples: [
      {
        'libs/payments/src/facts/request-payment.facts.ts': '',
        'libs/payments/src/jobs/collect-payment.job.ts': '',
        'libs/payments/src/jobs/record-outcome.ts': '',
        'libs/payments/src/stores/stray-charges.store.spec.ts': '',
      },
    ],
  },
  {
    sentence: 'A file name is in lower case with hyphens',
    check: named(isCode, (path) => /[^a-z0-9./-]/.exec(path)?.[0]),
    badExamples: [{ 'libs/accounts/src/accountDetails.ts': '' }, { 'tools/my_tool.ts': '' }],
  },
  {
    sentence: `A file has at most ${MOST_LINES} lines`,
    check: inEach(isCode, ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > MOST_LINES ? [{ line: lines, found: `${lines} lines` }] : [];
    }),
    badExamples: [{ 'libs/accounts/src/account/account.state.ts': 'a\n'.repeat(MOST_LINES + 1) }],
    goodExamples: [{ 'libs/accounts/src/account/account.state.ts': 'a\n'.repeat(MOST_LINES) }],
  },
  {
    sentence: 'Nothing is left for later in a comment',
    check: inEach(
      (path) => isCode(path) && !isOurRule(path),
      (source) => linesMatching(source, /\b(TODO|FIXME|HACK)\b/),
    ),
    badExamples: [
      { 'apps/api/src/main.ts': `const a = 1; // ${'TO'}${'DO'} later` },
      { 'libs/kernel/src/money.ts': `/* ${'FIX'}${'ME'} */` },
    ],
  },
  {
    sentence: 'No name says what its place says already: no …Dto, …Impl or …Helper, no command called …Command, no event called …Event',
    check: inEach(
      (path) => placeOf(path)?.isContext === true,
      (source) =>
        source
          .nodes(
            (node): node is ts.ClassDeclaration | ts.InterfaceDeclaration => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node),
          )
          .filter((node) => (isMessage(node) ? /.(Command|Event)$/ : /.(Dto|DTO|Impl|Helper|Utils?)$/).test(node.name?.text ?? ''))
          .map((node) => ({ line: source.lineOf(node), found: node.name?.text ?? '' })),
    ),
    badExamples: [
      { 'libs/accounts/src/api/accounts.requests.ts': 'export class CreateAccountDto {}' },
      { 'libs/accounts/src/account/account.events.ts': `export class AccountCreatedEvent extends DomainEvent('AccountCreated')<{}> {}` },
    ],
    goodExamples: [{ 'libs/accounts/src/account/account.events.ts': 'export type AccountEvent = 1; export interface GatewayEvent {}' }],
  },
  {
    sentence: 'A library prints nothing: it logs, or answers',
    check: inEach(
      (path) => inLibs(path) && !isSpec(path) && !path.includes('/testing/'),
      (source) => linesMatching(source, /\bconsole\s*\.\s*\w+|\bprocess\.stdout\.write/),
    ),
    badExamples: [
      { 'libs/accounts/src/api/accounts.controller.ts': `console.log('here');` },
      { 'libs/kernel/src/money.ts': `process.stdout.write('x')` },
    ],
  },
  {
    sentence: 'No float comes near an amount of money',
    check: inEach(
      (path) => inLibs(path) && !isSpec(path) && !AMOUNT_EDGES.includes(path),
      (source) => linesMatching(source, /\bparseFloat\(|\.toFixed\(|\bNumber\([^)]*\b\w*([aA]mount|[pP]rice|[tT]otal|[bB]alance)\b/),
    ),
    badExamples: [
      { 'libs/pricing/src/charge.ts': 'const price = parseFloat(text);' },
      { 'libs/pricing/src/charge.ts': 'return amount.toFixed(2);' },
      { 'libs/invoicing/src/invoice/x.ts': 'return Number(line.amount) * 2;' },
      { 'libs/invoicing/src/invoice/x.ts': 'return Number(row.due_amount);' },
    ],
    goodExamples: [{ 'libs/invoicing/src/read-models/x/x.query.ts': 'return Number(row.version);' }],
  },
  {
    sentence: 'The type checker is never silenced',
    check: inEach(
      (path) => isCode(path) && !isOurRule(path),
      (source) => linesMatching(source, /@ts-(ignore|expect-error|nocheck)|eslint-disable|\bas any\b/),
    ),
    badExamples: [{ 'libs/kernel/src/money.ts': '// @ts-ignore' }, { 'test/flows/trial.spec.ts': 'const x = y as any;' }],
  },
  {
    sentence: 'No test is skipped, and none is preferred',
    check: inEach(
      (path) => isSpec(path) && !isOurRule(path),
      (source) => linesMatching(source, /\b(it|test|describe)\.(skip|only|todo|failing)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/),
    ),
    badExamples: [
      { 'test/flows/trial.spec.ts': `it.${'skip'}('pays', () => {});` },
      { 'libs/kernel/src/money.spec.ts': `${'xit'}('adds', () => {});` },
    ],
  },
  {
    sentence: "No file names a path of somebody's machine",
    check: inEach(
      (path) => !isOurRule(path),
      (source) => linesMatching(source, /(?<![\w.@*-])\/(work|farm|root|Users)\/[\w.]|(?<![\w.@*-])\/home\/(?!node\b)\w/),
    ),
    badExamples: [{ 'README.md': 'Run it in /work/main.' }, { 'tools/x.ts': `readFileSync('/home/ada/perennial/a.json')` }],
    goodExamples: [{ 'README.md': 'See https://example.com/home/ada and libs/work/a.ts.' }],
  },
  {
    sentence: 'Every library has a README of its own',
    check: (sources) => {
      const paths = new Set(sources.map(({ path }) => path));
      const libs = new Map(sources.flatMap(({ path }) => (placeOf(path) ? [[placeOf(path)!.lib, path] as const] : [])));
      return [...libs]
        .filter(([lib]) => !paths.has(`libs/${lib}/README.md`))
        .map(([lib, path]) => ({ path, line: 1, found: `libs/${lib}/README.md is missing` }));
    },
    badExamples: [{ 'libs/accounts/src/contract.ts': '', 'libs/catalog/README.md': '' }],
    goodExamples: [{ 'libs/accounts/README.md': '', 'libs/accounts/src/contract.ts': '' }],
  },
];

/** `class X extends Command('X')<…>` or `DomainEvent('X')<…>`. */
function isMessage(node: ts.ClassDeclaration | ts.InterfaceDeclaration): boolean {
  const extended = node.heritageClauses?.[0]?.types[0]?.expression;
  return extended !== undefined && ts.isCallExpression(extended) && /^(Command|DomainEvent)$/.test(extended.expression.getText());
}

function named(applies: (path: string) => boolean, wrong: (path: string) => string | undefined): Rule['check'] {
  return (sources: readonly Source[]): Violation[] =>
    sources.flatMap(({ path }) => {
      const found = applies(path) ? wrong(path) : undefined;
      return found === undefined ? [] : [{ path, line: 1, found }];
    });
}
