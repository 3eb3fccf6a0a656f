import { before, type Edit, firstInFunction, inOrder, intoExport, intoList, intoSwitch, intoTable, withImport } from '../edits.js';
import { article, type Name } from '../names.js';
import type { Addition, Project } from '../project.js';
import { type States, statesIn } from '../states.js';

/**
 * A command on an aggregate, with the event that it records and its specification. The event leaves the state as it is, and
 * each state has a case in the decision: what they are to say is for the author.
 */
export function command(project: Project, context: Name, aggregate: Name, name: Name, event: Name): Addition {
  const src = `libs/${context.kebab}/src`;
  const file = (role: string): string => `${src}/${aggregate.kebab}/${aggregate.kebab}.${role}.ts`;
  if (project.has(`${src}/${aggregate.kebab}/${name.kebab}.ts`)) throw new Error(`There is a command ${name.kebab} already.`);
  const decider = project.read(file('decider'), `make it with npm run new -- aggregate ${context.kebab} ${aggregate.kebab}`);
  const examples = project.read(file('examples'), 'the aggregate has no examples');
  const events = project.read(file('events'), 'the aggregate has no events');
  const idFrom = events.includes(`export type ${aggregate.pascal}Id `) ? `./${aggregate.kebab}.events.js` : '#kernel/ids.js';
  const { type, names } = namedBy(events, aggregate);
  const known = names.filter((name) => name !== `${aggregate.camel}Id`);
  const states = statesIn(project, file('state'), known);
  const notFound = `${aggregate.camel}NotFound`;
  if (!project.read(file('refusals'), 'the aggregate has no refusals').includes(`const ${notFound} `)) {
    throw new Error(`${file('refusals')} has no ${notFound}: define it first.`);
  }
  return {
    files: {
      [`${src}/${aggregate.kebab}/${name.kebab}.ts`]: useCase(aggregate, name, event, idFrom, states, known),
      [`${src}/${aggregate.kebab}/${name.kebab}.spec.ts`]: spec(
        aggregate,
        name,
        event,
        historyIn(examples),
        names.map((one) => exampleOf(one, examples)),
      ),
    },
    edits: {
      [file('events')]: inOrder(
        before(
          new RegExp(`export const ${aggregate.camel}Events`),
          `export class ${event.pascal} extends DomainEvent('${event.pascal}')<${type}> {}\n\n`,
        ),
        intoList(`${aggregate.camel}Events`, event.pascal),
      ),
      [file('state')]: leavingTheState(event),
      [file('decider')]: inOrder(
        intoList('decisions', decisionOn(decider, aggregate, name)),
        withImport([name.pascal, name.camel], `./${name.kebab}.js`),
      ),
      [`${src}/contract.ts`]: intoExport(event.pascal, `./${aggregate.kebab}/${aggregate.kebab}.events.js`),
      ...Object.fromEntries(listeners(project, aggregate).map((path) => [path, ignoring(event)])),
    },
  };
}

/** What every event of the aggregate names, from `interface OfPayment`; its id alone where there is no such interface. */
function namedBy(events: string, aggregate: Name): { readonly type: string; readonly names: readonly string[] } {
  const own = `${aggregate.camel}Id`;
  const body = new RegExp(`interface Of${aggregate.pascal} \\{([^}]+)\\}`).exec(events)?.[1];
  if (!body) return { type: `{ readonly ${own}: ${aggregate.pascal}Id }`, names: [own] };
  return { type: `Of${aggregate.pascal}`, names: [...body.matchAll(/readonly (\w+):/g)].map(([, name]) => name!) };
}

/** The first example that is a whole history: `export const aPlan = (): PlanEvent[] => …`. */
export function historyIn(examples: string): string {
  const found = /export const (\w+) = \(\): (?:readonly )?\w+Event\[\]/.exec(examples)?.[1];
  if (!found) throw new Error('The examples hold no history, such as `export const aPlan = (): PlanEvent[] => […]`.');
  return found;
}

/** `accountId`, or `accountId: anAccountId` where the example has an article. */
function exampleOf(name: string, examples: string): { readonly name: string; readonly given: string } {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  const given = new RegExp(`export const (${name}|an?${capital})\\b`).exec(examples)?.[1];
  if (!given) throw new Error(`The examples hold no ${name}.`);
  return { name, given };
}

function decisionOn(decider: string, aggregate: Name, name: Name): string {
  const stream = /^const stream =/m.test(decider) ? 'stream' : `stream: ({ ${aggregate.camel}Id }) => ${aggregate.camel}Id`;
  return `on(${name.pascal}, { ${stream}, decide: ${name.camel} })`;
}

/** In the table of events where the fold is nothing else; before what is asked of the state first, where it is. */
function leavingTheState(event: Name): Edit {
  return (text) => {
    const beginsWithTable = /function evolve\((\w+)[^{]*\{\s*(?:\/\/[^\n]*\s*)*switch \(event\.type\)/.exec(text);
    const state = /function evolve\((\w+)/.exec(text)?.[1];
    if (!state) throw new Error('The state has no function evolve.');
    const named = state.replace(/^_/, '');
    const readable = state === named ? text : text.replaceAll(new RegExp(`\\b${state}\\b`, 'g'), named);
    return beginsWithTable
      ? intoSwitch('evolve', `case '${event.pascal}':\n return ${named};\n`)(readable)
      : firstInFunction('evolve', `if (event.type === '${event.pascal}') return ${named};`)(readable);
  };
}

/** Read models that hear everything about the aggregate must say what they make of the new event. */
function listeners(project: Project, aggregate: Name): string[] {
  const hearsAll = new RegExp(`readModel\\([^{]*\\b${aggregate.camel}Events\\b`);
  return project.paths('libs/*/src/read-models/*/*.projection.ts').filter((path) => hearsAll.test(project.read(path, '')));
}

const ignoring = (event: Name): Edit =>
  inOrder(intoTable('on', `${event.pascal}: ignored`), (text) =>
    /\bignored\b[^;]*\bfrom\b/.test(text) ? text : withImport(['ignored'], '#event-sourcing/read-model.js')(text),
  );

const useCase = (
  { kebab, camel, pascal, words }: Name,
  name: Name,
  event: Name,
  idFrom: string,
  { initial, lacking, holding }: States,
  known: readonly string[],
): string => `import { Command } from '#event-sourcing/command.js';
import type { ${pascal}Id } from '${idFrom}';
import { type ${pascal}Event, ${event.pascal} } from './${kebab}.events.js';
import { ${camel}NotFound } from './${kebab}.refusals.js';
import type { ${pascal} } from './${kebab}.state.js';

/** Recorded as often as it is asked for, in every state. */
export class ${name.pascal} extends Command('${name.pascal}')<{ readonly ${camel}Id: ${pascal}Id }> {}

export function ${name.camel}({ ${camel}Id }: ${name.pascal}['data'], state: ${pascal}): ${pascal}Event[] {
  switch (state.status) {
    ${[initial, ...lacking].map((status) => `case '${status}':`).join('\n')}
      throw ${camel}NotFound(\`There is no ${words} \${${camel}Id}.\`);
    ${holding.map((status) => `case '${status}':`).join('\n')}
      return [new ${event.pascal}({ ${[`${camel}Id`, ...known.map((one) => `${one}: state.${one}`)].join(', ')} })];
    default:
      return state satisfies never;
  }
}
`;

const spec = (
  { kebab, camel, pascal, words, snake }: Name,
  name: Name,
  event: Name,
  history: string,
  named: readonly { readonly name: string; readonly given: string }[],
): string => {
  const fields = named.map((one) => (one.name === one.given ? one.name : `${one.name}: ${one.given}`));
  const own = fields.find((field) => field.startsWith(`${camel}Id`));
  return `import { specification } from '#event-sourcing/testing/specification.js';
import { ${name.pascal} } from './${name.kebab}.js';
import { ${pascal}Decider } from './${kebab}.decider.js';
import { ${event.pascal} } from './${kebab}.events.js';
import { ${[history, ...named.map(({ given }) => given)].join(', ')} } from './${kebab}.examples.js';

const { given } = specification(${pascal}Decider);
const command = new ${name.pascal}({ ${own} });

describe('${name.words.charAt(0).toUpperCase() + name.words.slice(1)}', () => {
  it('records ${event.pascal}', () => {
    given(${history}()).when(command).thenEachTime(new ${event.pascal}({ ${fields.join(', ')} }));
  });

  it('refuses ${article(words)} ${words} that does not exist', () => {
    given().when(command).thenRefused('${snake}_not_found');
  });
});
`;
};
