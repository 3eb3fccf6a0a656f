import { foundations, foundationsOfContexts, isSpec, knows, placeOf } from './layout.js';
import { inEach, linesMatching, type Rule } from './rule.js';
import type { Import, Source } from './sources.js';

const inLibs = (path: string): boolean => placeOf(path) !== null;

/** A rule about single imports: says which of a file's imports are wrong. */
const imports = (applies: (path: string) => boolean, isWrong: (given: Import, source: Source) => boolean): Rule['check'] =>
  inEach(applies, (source) =>
    source.imports.filter((given) => isWrong(given, source)).map(({ line, specifier }) => ({ line, found: `imports ${specifier}` })),
  );

const libOf = (path: string | null): string | undefined => placeOf(path)?.lib;
const isOurs = ({ target }: Import): boolean => target !== null;

/** The clock's own row is the engine's, and who reconciles must not believe the read model that is reconciled. */
const NEAR_THE_ENGINE = [
  'libs/test-clocks/src/read-models/test-clock/test-clock.projection.ts',
  'libs/payments/src/stores/booked-payments.store.ts',
];

export const dependencyRules: readonly Rule[] = [
  {
    sentence: 'The kernel imports nothing of ours',
    check: imports(
      (path) => libOf(path) === 'kernel',
      (given) => isOurs(given) && libOf(given.target) !== 'kernel',
    ),
    badExamples: [
      { 'libs/kernel/src/money.ts': `import { page } from '#platform/http/page.js';` },
      { 'libs/kernel/src/money.ts': `import { x } from '../../../migrations/migrations.js';` },
    ],
    goodExamples: [{ 'libs/kernel/src/money.ts': `import type { Currency } from './currency.js';` }],
  },
  {
    sentence: 'A technical library imports only those below it, and no context',
    check: imports(
      (path) => inLibs(path) && !placeOf(path)?.isContext && !isSpec(path) && !path.includes('/testing/'),
      ({ target }, source) => {
        const own = libOf(source.path)!;
        const other = libOf(target);
        if (target === null || other === own) return false;
        return other === undefined || !foundations[own]!.includes(other);
      },
    ),
    badExamples: [
      { 'libs/event-sourcing/src/relay.ts': `import { PlanChanged } from '#subscriptions/contract.js';` },
      { 'libs/pricing/src/charge.ts': `import { Clock } from '#event-sourcing/clock.js';` },
      { 'libs/platform/src/start.ts': `const { migrate } = await import('#migrations/migrate.js');` },
    ],
    goodExamples: [{ 'libs/platform/src/http/page.ts': `import { id } from '#kernel/ids.js';` }],
  },
  {
    sentence: 'A context imports of ours only the kernel, pricing, event sourcing, the platform, and other contexts',
    check: imports(
      (path) => placeOf(path)?.isContext === true && !isSpec(path),
      ({ target }, source) => {
        const other = placeOf(target);
        if (target === null || other?.lib === libOf(source.path)) return false;
        return !other || (!other.isContext && !foundationsOfContexts.includes(other.lib));
      },
    ),
    badExamples: [
      { 'libs/invoicing/src/api/invoices.controller.ts': `import { startPostgres } from '#embedded/postgres.js';` },
      { 'libs/invoicing/src/invoicing.module.ts': `import { AppModule } from '../../../apps/api/src/app.module.js';` },
    ],
  },
  {
    sentence:
      'Of another context only `contract` is imported: by sagas, read models, facts, jobs, gateways and the API, and by the module that wires them',
    check: imports(
      (path) => placeOf(path)?.isContext === true,
      ({ target }, source) => {
        const own = placeOf(source.path)!;
        const other = placeOf(target);
        if (!other?.isContext || other.lib === own.lib) return false;
        const isListener =
          ['sagas', 'read-models', 'facts', 'jobs', 'gateways', 'api'].includes(own.folder) || own.file.endsWith('.module.ts');
        const isAllowedHere = isListener && other.folder === '' && other.file === 'contract.ts';
        const extendsItsGraph = own.folder === 'api' && other.folder === '' && other.file === 'contract.graphql.ts';
        return !isAllowedHere && !extendsItsGraph;
      },
    ),
    badExamples: [
      { 'libs/invoicing/src/sagas/billing.saga.ts': `import { PlanChanged } from '#subscriptions/subscription/subscription.events.js';` },
      { 'libs/invoicing/src/invoice/issue-invoice.ts': `import { PeriodStarted } from '#subscriptions/contract.js';` },
      { 'libs/invoicing/src/api/invoices.controller.ts': `import { cancel } from '#subscriptions/subscription/cancel-subscription.js';` },
      { 'libs/invoicing/src/stores/letters.store.ts': `import { PeriodStarted } from '#subscriptions/contract.js';` },
      { 'libs/invoicing/src/sagas/billing.saga.ts': `import { SubscriptionView } from '#subscriptions/contract.graphql.js';` },
    ],
    goodExamples: [
      { 'libs/invoicing/src/sagas/billing.saga.ts': `import { PeriodStarted } from '#subscriptions/contract.js';` },
      { 'libs/invoicing/src/facts/issue-invoice.facts.ts': `import { subscriptionIdOf } from '#subscriptions/contract.js';` },
      { 'libs/payments/src/jobs/collect-payment.job.ts': `import { PayInvoice } from '#invoicing/contract.js';` },
      { 'libs/payments/src/gateways/verification.ts': `import { PaymentMethodVerification } from '#accounts/contract.js';` },
      { 'libs/invoicing/src/api/invoices.resolver.ts': `import { SubscriptionView } from '#subscriptions/contract.graphql.js';` },
      { 'libs/invoicing/src/api/invoices.controller.ts': `import { SubscriptionCanceled } from '#subscriptions/contract.js';` },
    ],
  },
  {
    sentence:
      'Knowledge points one way: a context that comes earlier hears a later one in its sagas and read models, and knows it nowhere else',
    check: imports(
      (path) => placeOf(path)?.isContext === true,
      ({ target }, source) => {
        const own = placeOf(source.path)!;
        const other = placeOf(target);
        if (!other?.isContext || other.lib === own.lib || knows(own.lib, other.lib)) return false;
        return !['sagas', 'read-models'].includes(own.folder);
      },
    ),
    badExamples: [
      { 'libs/subscriptions/src/facts/start.facts.ts': `import { invoiceIdOf } from '#invoicing/contract.js';` },
      { 'libs/accounts/src/api/accounts.resolver.ts': `import { InvoiceView } from '#invoicing/contract.graphql.js';` },
      { 'libs/accounts/src/api/accounts.controller.ts': `import { PayInvoice } from '#invoicing/contract.js';` },
      { 'libs/accounts/src/jobs/x.job.ts': `import { X } from '#a-new-context/contract.js';` },
    ],
    goodExamples: [
      { 'libs/subscriptions/src/sagas/past-due.saga.ts': `import { PaymentFailed } from '#payments/contract.js';` },
      { 'libs/payments/src/api/payments.resolver.ts': `import { InvoiceView } from '#invoicing/contract.graphql.js';` },
    ],
  },
  {
    sentence: 'No context reads or writes the tables of another',
    check: (sources) => {
      const contexts = new Set(sources.flatMap(({ path }) => (placeOf(path)?.isContext ? [libOf(path)!] : [])));
      return inEach(
        (path) => placeOf(path)?.isContext === true && !isSpec(path),
        (source) => {
          const schema = libOf(source.path)!.replaceAll('-', '_');
          const named = [...source.text.matchAll(/\b(?:from|join|into|update|table)\s*:?\s*['"]?([a-z_]+)\.[a-z_]+/g)];
          return named
            .filter(([, other]) => other !== schema && contexts.has(other!.replaceAll('_', '-')))
            .map((match) => ({ line: source.text.slice(0, match.index).split('\n').length, found: match[0] }));
        },
      )(sources);
    },
    badExamples: [
      {
        'libs/invoicing/src/facts/issue-invoice.facts.ts': 'await sql.query(`select currency from accounts.account_details a`);',
        'libs/accounts/src/accounts.context.ts': '',
      },
      {
        'libs/invoicing/src/read-models/x/x.projection.ts': `const t = { table: 'accounts.account_details' };`,
        'libs/accounts/src/contract.ts': '',
      },
    ],
    goodExamples: [
      { 'libs/invoicing/src/facts/x.facts.ts': 'sql`select 1 from invoicing.billing_terms`', 'libs/accounts/src/contract.ts': '' },
    ],
  },
  {
    sentence: 'No context reads or writes the tables of the engine, but asks it',
    check: inEach(
      (path) => placeOf(path)?.isContext === true && !isSpec(path) && !NEAR_THE_ENGINE.includes(path),
      (source) => linesMatching(source, /\b(?:from|join|into|update|table|using)\s*:?\s*['"]?es\.[a-z_]+/),
    ),
    badExamples: [
      { 'libs/payments/src/jobs/hold-timers.job.ts': 'await sql.query(`update es.timer t set set_aside_at = now()`);' },
      { 'libs/subscriptions/src/facts/x.facts.ts': 'await sql.query(`select 1 from es.event`);' },
      { 'libs/invoicing/src/stores/x.store.ts': 'await sql.query(`delete from es.job j using es.timer t`);' },
      { 'libs/invoicing/src/read-models/x/x.projection.ts': `const t = { table: 'es.series' };` },
    ],
    goodExamples: [
      { 'libs/event-sourcing/src/timers.ts': 'const text = `select 1 from es.timer`;' },
      { 'libs/payments/src/jobs/x.job.ts': 'await sql.query(`select 1 from payments.es_timer`);' },
    ],
  },
  {
    sentence: 'No file imports itself by way of others',
    check: (sources) => cyclesIn(sources),
    badExamples: [
      {
        'libs/kernel/src/money.ts': `import { c } from './currency.js';`,
        'libs/kernel/src/currency.ts': `import { r } from '#kernel/rounding.js';`,
        'libs/kernel/src/rounding.ts': `export { Money } from './money.js';`,
      },
    ],
  },
  {
    sentence: 'Only the relay publishes to the EventBus',
    check: inEach(
      (path) => /^(apps|libs)\//.test(path) && !isSpec(path) && path !== 'libs/event-sourcing/src/relay.ts',
      (source) => [
        ...source.imports
          .filter(({ names, specifier }) => specifier === '@nestjs/cqrs' && names.includes('EventBus') && !isWiring(source))
          .map(({ line }) => ({ line, found: 'imports EventBus' })),
        ...source.text
          .split('\n')
          .flatMap((text, index) => (/\beventBus\s*\.\s*publish/i.test(text) ? [{ line: index + 1, found: 'publishes' }] : [])),
      ],
    ),
    badExamples: [
      { 'libs/accounts/src/api/accounts.controller.ts': `import { EventBus } from '@nestjs/cqrs';` },
      { 'libs/event-sourcing/src/event-sourcing.module.ts': `this.eventBus.publish(event);` },
    ],
    goodExamples: [{ 'libs/event-sourcing/src/relay.ts': `import { EventBus } from '@nestjs/cqrs'; eventBus.publish(event);` }],
  },
  {
    sentence: 'An app imports of a context only its module, its context file and its contract',
    check: imports(
      (path) => path.startsWith('apps/'),
      ({ target }) => {
        const other = placeOf(target);
        return other?.isContext === true && !(other.folder === '' && /(\.module|\.context|^contract)\.ts$/.test(other.file));
      },
    ),
    badExamples: [
      { 'apps/api/src/main.ts': `import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';` },
      { 'apps/cli/src/main.ts': `import { StripeGateway } from '#payments/gateways/stripe.gateway.js';` },
    ],
    goodExamples: [{ 'apps/api/src/main.ts': `import { SubscriptionsModule } from '#subscriptions/subscriptions.module.js';` }],
  },
  {
    sentence: 'The simulator imports nothing of ours, as a gateway would not',
    check: imports(
      (path) => path.startsWith('apps/simulator/') && !isSpec(path),
      ({ target }) => target !== null && !target.startsWith('apps/simulator/'),
    ),
    badExamples: [{ 'apps/simulator/src/main.ts': `import { Money } from '#kernel/money.js';` }],
  },
];

/** The engine's module hands Nest's bus to the relay. */
function isWiring({ path }: Source): boolean {
  return path === 'libs/event-sourcing/src/event-sourcing.module.ts';
}

function cyclesIn(sources: readonly Source[]): { path: string; line: number; found: string }[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: { path: string; line: number; found: string }[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const source = byPath.get(path);
    if (!source || done.has(path)) return;
    for (const { target, line } of source.imports) {
      if (target === null) continue;
      const begin = [...trail, path].indexOf(target);
      if (begin >= 0) found.push({ path: target, line, found: [...trail, path, target].slice(begin).join(' -> ') });
      else visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}
