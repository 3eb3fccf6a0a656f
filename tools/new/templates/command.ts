import { join } from 'node:path';
import ts from 'typescript';
import { before, type Edit, firstInFunction, inOrder, intoExport, intoList, intoSwitch, intoTable, withImport } from '../edits.js';
import { article, type Name } from '../names.js';
import type { Addition, Project } from '../project.js';

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
  const [absent, ...states] = statesIn(project, file('state'));
  const idFrom = project.read(file('events'), 'the aggregate has no events').includes(`export type ${aggregate.pascal}Id `)
    ? `./${aggregate.kebab}.events.js`
    : '#kernel/ids.js';
  const notFound = `${aggregate.camel}NotFound`;
  if (!project.read(file('refusals'), 'the aggregate has no refusals').includes(`const ${notFound} `)) {
    throw new Error(`${file('refusals')} has no ${notFound}: define it first.`);
  }
  return {
    files: {
      [`${src}/${aggregate.kebab}/${name.kebab}.ts`]: useCase(aggregate, name, event, idFrom, absent!, states),
      [`${src}/${aggregate.kebab}/${name.kebab}.spec.ts`]: spec(aggregate, name, event, historyIn(examples), idIn(examples, aggregate)),
    },
    edits: {
      [file('events')]: inOrder(
        before(
          new RegExp(`export const ${aggregate.camel}Events`),
          `export class ${event.pascal} extends DomainEvent('${event.pascal}')<{ readonly ${aggregate.camel}Id: ${aggregate.pascal}Id }> {}\n\n`,
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

/** The values that the status of a state can have, that of the initial state first. */
function statesIn(project: Project, path: string): string[] {
  project.read(path, 'the aggregate has no state');
  const { module, moduleResolution } = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram([join(project.root, path)], { module, moduleResolution, strict: true, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const declared = program
    .getSourceFile(join(project.root, path))!
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((declaration) => declaration.name.getText() === 'initialState');
  const state = declared?.type && checker.getTypeFromTypeNode(declared.type);
  const status = state?.getProperty('status');
  const type = declared && status && checker.getTypeOfSymbolAtLocation(status, declared);
  const values = type?.isUnion() ? type.types.filter((one) => one.isStringLiteral()).map(({ value }) => value) : [];
  const initial = declared?.initializer && /status: '([^']+)'/.exec(declared.initializer.getText())?.[1];
  if (!initial || values.length < 2) throw new Error(`${path} has no states that are told apart by a status: write the command by hand.`);
  return [initial, ...values.filter((value) => value !== initial)];
}

/** The first example that is a whole history: `export const aPlan = (): PlanEvent[] => …`. */
export function historyIn(examples: string): string {
  const found = /export const (\w+) = \(\): (?:readonly )?\w+Event\[\]/.exec(examples)?.[1];
  if (!found) throw new Error('The examples hold no history, such as `export const aPlan = (): PlanEvent[] => […]`.');
  return found;
}

function idIn(examples: string, aggregate: Name): string {
  const found = new RegExp(`export const (${aggregate.camel}Id|an?${aggregate.pascal}Id)\\b`).exec(examples)?.[1];
  if (!found) throw new Error(`The examples hold no ${aggregate.camel}Id.`);
  return found;
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
  aggregate: Name,
  name: Name,
  event: Name,
  idFrom: string,
  absent: string,
  states: readonly string[],
): string => `import { Command } from '#event-sourcing/command.js';
import type { ${aggregate.pascal}Id } from '${idFrom}';
import { type ${aggregate.pascal}Event, ${event.pascal} } from './${aggregate.kebab}.events.js';
import { ${aggregate.camel}NotFound } from './${aggregate.kebab}.refusals.js';
import type { ${aggregate.pascal} } from './${aggregate.kebab}.state.js';

/** Recorded as often as it is asked for, in every state. */
export class ${name.pascal} extends Command('${name.pascal}')<{ readonly ${aggregate.camel}Id: ${aggregate.pascal}Id }> {}

export function ${name.camel}({ ${aggregate.camel}Id }: ${name.pascal}['data'], state: ${aggregate.pascal}): ${aggregate.pascal}Event[] {
  switch (state.status) {
    case '${absent}':
      throw ${aggregate.camel}NotFound(\`There is no ${aggregate.words} \${${aggregate.camel}Id}.\`);
    ${states.map((state) => `case '${state}':`).join('\n')}
      return [new ${event.pascal}({ ${aggregate.camel}Id })];
    default:
      return state satisfies never;
  }
}
`;

const spec = (
  aggregate: Name,
  name: Name,
  event: Name,
  example: string,
  id: string,
): string => `import { specification } from '#event-sourcing/testing/specification.js';
import { ${name.pascal} } from './${name.kebab}.js';
import { ${aggregate.pascal}Decider } from './${aggregate.kebab}.decider.js';
import { ${event.pascal} } from './${aggregate.kebab}.events.js';
import { ${[example, id].join(', ')} } from './${aggregate.kebab}.examples.js';

const { given } = specification(${aggregate.pascal}Decider);
const command = new ${name.pascal}({ ${aggregate.camel}Id${id === `${aggregate.camel}Id` ? '' : `: ${id}`} });

describe('${name.words.charAt(0).toUpperCase() + name.words.slice(1)}', () => {
  it('records ${event.pascal}', () => {
    given(${example}()).when(command).thenEachTime(new ${event.pascal}(command.data));
  });

  it('refuses ${article(aggregate.words)} ${aggregate.words} that does not exist', () => {
    given().when(command).thenRefused('${aggregate.snake}_not_found');
  });
});
`;
