import ts from 'typescript';
import { isDecision, isSpec, placeOf } from './layout.js';
import { inEach, linesMatching, type Rule } from './rule.js';
import type { Import, Source } from './sources.js';

/** The parts of the engine that are types and plain functions. */
const PURE_ENGINE = ['command', 'decider', 'declared-fields', 'domain-event', 'postings', 'refusals', 'series', 'upcaster'];

const isDecider = (path: string): boolean => path.endsWith('.decider.ts');

export const decisionRules: readonly Rule[] = [
  {
    sentence: 'A decision imports no framework, no SQL, no clock and no randomness: time and outside facts are arguments',
    check: inEach(isDecision, (source) => [
      ...source.imports.filter((given) => !isPure(given, source)).map(({ line, specifier }) => ({ line, found: `imports ${specifier}` })),
      ...source.imports
        .filter(({ names }) => names.includes('newId'))
        .map(({ line }) => ({ line, found: 'imports newId, which is random' })),
      ...ambient(source),
    ]),
    badExamples: [
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { Injectable } from '@nestjs/common';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import type { Sql } from '#event-sourcing/sql.js';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { Clock } from '#event-sourcing/clock.js';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { randomUUID } from 'node:crypto';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { newId } from '#kernel/ids.js';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { factsForStart } from '../facts/start.facts.js';` },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `import { planTerms } from '../read-models/plan-terms/plan-terms.query.js';`,
      },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `import { closeUsage } from '#metering/usage-totals.js';` },
      { 'libs/subscriptions/src/subscription/change-plan.ts': 'const now = Temporal.Now.instant();' },
      { 'libs/subscriptions/src/subscription/change-plan.ts': 'const now = new Date();' },
      { 'libs/subscriptions/src/subscription/change-plan.ts': 'const id = crypto.randomUUID();' },
      { 'libs/subscriptions/src/subscription/change-plan.ts': 'if (process.env.X) throw 1;' },
      { 'libs/subscriptions/src/subscription/change-plan.ts': 'export async function changePlan() {}' },
      { 'libs/subscriptions/src/subscription/subscription.decider.ts': `import { x } from '../sagas/renewal.saga.js';` },
      { 'libs/payments/src/payment/payment.decider.ts': `import { CollectPayment } from '../jobs/collect-payment.job.js';` },
      { 'libs/payments/src/payment/payment.decider.ts': `import { StrayCharges } from '../stores/stray-charges.store.js';` },
      { 'libs/payments/src/payment/collection.policies.ts': `import { StripeGateway } from '../gateways/stripe.gateway.js';` },
      { 'libs/payments/src/payment/collection.policies.ts': `import { inspect } from 'node:util';` },
    ],
    goodExamples: [
      { 'libs/payments/src/payment/collection.policies.ts': `import type { Intent } from '../gateways/payment-gateway.js';` },
      {
        'libs/subscriptions/src/subscription/subscription.decider.ts': `import { factsForStart } from '../facts/start.facts.js'; import { on } from '#event-sourcing/decider.js';`,
      },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `import { UsageTotals } from '#metering/usage-totals.js'; import { lateUsageUntil } from '#metering/late-usage.js';`,
      },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `import { chargeFor } from '#pricing/charge.js'; import { plus } from '#kernel/calendar.js'; const day = new Date(0);`,
      },
    ],
  },
  {
    sentence: 'The time of day and chance are read in named files at the edge only',
    check: inEach(
      (path) =>
        /^(libs|apps\/(api|worker))\//.test(path) && path.endsWith('.ts') && !isSpec(path) && !edges.some((edge) => path.startsWith(edge)),
      (source) => ambient(source).filter(({ found }) => /Date|Now|random/.test(found)),
    ),
    badExamples: [
      { 'libs/event-sourcing/src/timers.ts': 'const due = Date.now();' },
      { 'libs/invoicing/src/sagas/x.saga.ts': 'const due = new Date();' },
      { 'libs/platform/src/http/page.ts': 'const x = Math.random();' },
    ],
    goodExamples: [
      { 'libs/event-sourcing/src/clock.ts': 'const now = Date.now();' },
      { 'libs/platform/src/http/page.ts': 'const day = new Date(text);' },
    ],
  },
  {
    sentence: 'A use case is named by its command: the file `change-plan.ts` exports `ChangePlan` and `changePlan`',
    check: inEach(isDecision, (source) =>
      commandsOf(source).flatMap(({ node, className, type }) => {
        const line = source.lineOf(node);
        const file = `${kebab(className)}.ts`;
        const decision = className.charAt(0).toLowerCase() + className.slice(1);
        return [
          ...(placeOf(source.path)?.file === file ? [] : [{ line, found: `${className} belongs in ${file}` }]),
          ...(type === className ? [] : [{ line, found: `${className} is sent as ${type}` }]),
          ...(exportsFunction(source, decision) ? [] : [{ line, found: `no exported function ${decision}` }]),
        ];
      }),
    ),
    badExamples: [
      {
        'libs/subscriptions/src/subscription/plans.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}\nexport function changePlan() {}`,
      },
      { 'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}` },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}\nfunction changePlan() {}`,
      },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('PlanChange')<{}> {}\nexport function changePlan() {}`,
      },
    ],
    goodExamples: [
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}\nexport function changePlan() {}`,
      },
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}\nexport const changePlan = () => {};`,
      },
    ],
  },
  {
    sentence: 'Every decision has its specification beside it',
    check: (sources) => {
      const paths = new Set(sources.map(({ path }) => path));
      return inEach(isDecision, (source) =>
        commandsOf(source)
          .filter(() => !paths.has(source.path.replace(/\.ts$/, '.spec.ts')))
          .map(({ node, className }) => ({ line: source.lineOf(node), found: `${className} has no specification` })),
      )(sources);
    },
    badExamples: [{ 'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}` }],
    goodExamples: [
      {
        'libs/subscriptions/src/subscription/change-plan.ts': `export class ChangePlan extends Command('ChangePlan')<{}> {}`,
        'libs/subscriptions/src/subscription/change-plan.spec.ts': `it('x', () => {});`,
      },
    ],
  },
  {
    sentence: 'Every event that a read model takes something from is named in a specification of that read model',
    check: (sources) => {
      const specs = sources.filter(({ path }) => isSpec(path));
      return inEach(
        (path) => path.endsWith('.projection.ts'),
        (source) => {
          const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1);
          const aboutIt = specs.filter(
            ({ path, imports }) => path.startsWith(folder) || imports.some(({ target }) => target === source.path),
          );
          const tested = aboutIt.map(({ text }) => text).join('\n');
          return handledEvents(source)
            .filter(({ event }) => !new RegExp(`\\b${event}\\b`).test(tested))
            .map(({ event, line }) => ({ line, found: `${event} is not in a specification` }));
        },
      )(sources);
    },
    badExamples: [
      { 'libs/a/src/read-models/x/x.projection.ts': 'export const x = readModel([Made], { on: { Made: () => 1 } });' },
      {
        'libs/a/src/read-models/x/x.projection.ts': 'export const x = readModel([Made, Gone], { on: { Made: () => 1, Gone: () => 2 } });',
        'libs/a/src/read-models/x/x.projection.spec.ts': 'new Made()',
      },
    ],
    goodExamples: [
      {
        'libs/a/src/read-models/x/x.projection.ts': 'export const x = readModel([Made, Gone], { on: { Made: () => 1, Gone: ignored } });',
        'libs/a/src/read-models/x/x.projection.spec.ts': 'new Made()',
      },
    ],
  },
  {
    sentence: 'Decisions are deciders: no AggregateRoot, no EventPublisher, no event built around its checks',
    check: inEach(
      (path) => /^(libs|apps)\/.*\.ts$/.test(path),
      (source) => linesMatching(source, /\b(AggregateRoot|EventPublisher|mergeObjectContext|constructEventWithoutVerification)\b/),
    ),
    badExamples: [
      { 'libs/accounts/src/account/account.ts': `import { AggregateRoot } from '@nestjs/cqrs';` },
      { 'libs/payments/src/gateways/stripe.gateway.ts': 'stripe.webhooks.constructEventWithoutVerification(body);' },
    ],
  },
];

/** Each of them needs the time or chance, and none of them decides anything. */
const edges = [
  'libs/event-sourcing/src/clock.ts',
  'libs/kernel/src/ids.ts',
  'libs/platform/src/auth/',
  'libs/embedded/',
  'libs/event-sourcing/src/testing/',
  'libs/platform/src/testing/',
];

function isPure({ specifier, target, names, isTypeOnly }: Import, source: Source): boolean {
  if (target === null) return specifier === 'node:util' && names.join() === 'isDeepStrictEqual';
  const own = placeOf(source.path)!;
  const other = placeOf(target);
  if (!other) return false;
  if (other.lib === own.lib) {
    const isLoader = isDecider(source.path) && other.folder === 'facts' && other.file.endsWith('.facts.ts');
    const isWordOfThePort = isTypeOnly && other.folder === 'gateways';
    return other.isAggregate || isLoader || isWordOfThePort;
  }
  if (other.lib === 'event-sourcing') return PURE_ENGINE.some((part) => specifier === `#event-sourcing/${part}.js`);
  // The totals of usage are a fact, and how long more may come is a rule; to close usage and read the totals is SQL.
  if (other.lib === 'metering') return names.every((name) => name === 'UsageTotals' || name === 'lateUsageUntil');
  return other.lib === 'kernel' || other.lib === 'pricing';
}

const AMBIENT =
  /^(Date\.now|Math\.random|Temporal\.Now|crypto|globalThis|process|performance|fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/;

/** Uses of the world around: its clock, its dice, its environment, its event loop. */
function ambient(source: Source): { line: number; found: string }[] {
  const isSuspect = (node: ts.Node): node is ts.Node =>
    (ts.isPropertyAccessExpression(node) && AMBIENT.test(node.getText(source.syntax))) ||
    (ts.isIdentifier(node) && AMBIENT.test(node.text) && isFreeVariable(node)) ||
    (ts.isNewExpression(node) && node.expression.getText(source.syntax) === 'Date' && (node.arguments?.length ?? 0) === 0) ||
    (node.kind === ts.SyntaxKind.AsyncKeyword && ts.isFunctionLike(node.parent));
  return source.nodes(isSuspect).map((node) => ({ line: source.lineOf(node), found: node.getText(source.syntax) }));
}

function isFreeVariable(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

function commandsOf(source: Source): { node: ts.ClassDeclaration; className: string; type: string }[] {
  return source.nodes(ts.isClassDeclaration).flatMap((node) => {
    const extended = node.heritageClauses?.[0]?.types[0]?.expression;
    if (!node.name || !extended || !ts.isCallExpression(extended) || extended.expression.getText(source.syntax) !== 'Command') return [];
    const [type] = extended.arguments;
    return [{ node, className: node.name.text, type: type && ts.isStringLiteral(type) ? type.text : '' }];
  });
}

function exportsFunction(source: Source, name: string): boolean {
  const isExported = (node: ts.HasModifiers): boolean => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  return source.syntax.statements.some(
    (statement) =>
      (ts.isFunctionDeclaration(statement) && statement.name?.text === name && isExported(statement)) ||
      (ts.isVariableStatement(statement) &&
        isExported(statement) &&
        statement.declarationList.declarations.some((declared) => declared.name.getText(source.syntax) === name)),
  );
}

/** The entries of the tables `on: { … }` that are not `ignored`. */
function handledEvents(source: Source): { event: string; line: number }[] {
  const tables = source
    .nodes(ts.isPropertyAssignment)
    .filter((property) => property.name.getText(source.syntax) === 'on')
    .map(({ initializer }) => initializer)
    .filter(ts.isObjectLiteralExpression);
  return tables.flatMap(({ properties }) =>
    properties
      .filter((property) => !(ts.isPropertyAssignment(property) && property.initializer.getText(source.syntax) === 'ignored'))
      .map((property) => ({ event: property.name?.getText(source.syntax) ?? '', line: source.lineOf(property) })),
  );
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
