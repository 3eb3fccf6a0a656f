import { before, type Edit, inOrder, intoList, intoTable, withImport } from '../edits.js';
import type { Name } from '../names.js';
import type { Addition, Project } from '../project.js';

/** A command on an aggregate that `npm run new -- aggregate` made, with the event that it records and its specification. */
export function command(project: Project, context: Name, aggregate: Name, name: Name, event: Name): Addition {
  const src = `libs/${context.kebab}/src`;
  const file = (role: string): string => `${src}/${aggregate.kebab}/${aggregate.kebab}.${role}.ts`;
  if (project.has(`${src}/${aggregate.kebab}/${name.kebab}.ts`)) throw new Error(`There is a command ${name.kebab} already.`);
  const decider = project.read(file('decider'), `make it with npm run new -- aggregate ${context.kebab} ${aggregate.kebab}`);
  const states = project.read(file('state'), 'the aggregate has no state');
  if (!states.includes('const existing: Existing')) {
    throw new Error(`${file('state')} has grown beyond the template: copy the command that is nearest to yours instead.`);
  }
  const status = event.kebab.replace(`${aggregate.kebab}-`, '');
  return {
    files: {
      [`${src}/${aggregate.kebab}/${name.kebab}.ts`]: useCase(aggregate, name, event, status),
      [`${src}/${aggregate.kebab}/${name.kebab}.spec.ts`]: spec(
        aggregate,
        name,
        event,
        /export const (an?[A-Z]\w*) = \(\)/.exec(project.read(file('examples'), 'the aggregate has no examples'))![1]!,
      ),
    },
    edits: {
      [file('events')]: inOrder(
        before(
          new RegExp(`export const ${aggregate.camel}Events`),
          `export class ${event.pascal} extends DomainEvent('${event.pascal}')<Of${aggregate.pascal}> {}\n\n`,
        ),
        intoList(`${aggregate.camel}Events`, event.pascal),
      ),
      [file('state')]: inOrder(
        (text) => text.replace(/(export type \w+ =[^;]+);/, `$1 | (Existing & { readonly status: '${status}' });`),
        before(/ {2}\}\n\}\s*$/, `    case '${event.pascal}':\n      return { ...existing, status: '${status}' };\n`),
      ),
      [file('decider')]: decisionsOf(decider, name),
      [`${src}/contract.ts`]: (text) =>
        text
          .replace(`${aggregate.camel}Events }`, `${aggregate.camel}Events, ${event.pascal} }`)
          .replace(`  ${aggregate.camel}Events,\n`, `  ${aggregate.camel}Events,\n  ${event.pascal},\n`),
      ...Object.fromEntries(listeners(project, aggregate).map((path) => [path, ignoring(event)])),
    },
  };
}

const decisionsOf = (_decider: string, name: Name): Edit =>
  inOrder(
    intoList('decisions', `on(${name.pascal}, { stream, decide: ${name.camel} })`),
    (text) => `import { ${name.pascal}, ${name.camel} } from './${name.kebab}.js';\n${text}`,
  );

/** Read models that hear everything about the aggregate must say what they make of the new event. */
function listeners(project: Project, aggregate: Name): string[] {
  const hearsAll = new RegExp(`readModel\\(\\s*${aggregate.camel}Events\\b`);
  return project.paths('libs/*/src/read-models/*/*.projection.ts').filter((path) => hearsAll.test(project.read(path, '')));
}

const ignoring = (event: Name): Edit =>
  inOrder(intoTable('on', `${event.pascal}: ignored`), (text) =>
    /\bignored\b.*\bfrom\b/.test(text) ? text : withImport(['ignored'], '#event-sourcing/read-model.js')(text),
  );

const useCase = (aggregate: Name, name: Name, event: Name, status: string): string => `import { Command } from '#event-sourcing/command.js';
import { type ${aggregate.pascal}Event, type ${aggregate.pascal}Id, ${event.pascal} } from './${aggregate.kebab}.events.js';
import { ${aggregate.camel}NotFound } from './${aggregate.kebab}.refusals.js';
import type { ${aggregate.pascal} } from './${aggregate.kebab}.state.js';

/** Asked again it changes nothing. */
export class ${name.pascal} extends Command('${name.pascal}')<{ readonly ${aggregate.camel}Id: ${aggregate.pascal}Id }> {}

export function ${name.camel}({ ${aggregate.camel}Id }: ${name.pascal}['data'], state: ${aggregate.pascal}): ${aggregate.pascal}Event[] {
  if (state.status === 'absent') throw ${aggregate.camel}NotFound(\`There is no ${aggregate.words} \${${aggregate.camel}Id}.\`);
  if (state.status === '${status}') return [];
  return [new ${event.pascal}({ ${aggregate.camel}Id, accountId: state.accountId })];
}
`;

const spec = (
  aggregate: Name,
  name: Name,
  event: Name,
  example: string,
): string => `import { specification } from '#event-sourcing/testing/specification.js';
import { ${name.pascal} } from './${name.kebab}.js';
import { ${aggregate.pascal}Decider } from './${aggregate.kebab}.decider.js';
import { ${event.pascal} } from './${aggregate.kebab}.events.js';
import { ${example}, accountId, ${aggregate.camel}Id } from './${aggregate.kebab}.examples.js';

const { given } = specification(${aggregate.pascal}Decider);

describe('${name.words.charAt(0).toUpperCase() + name.words.slice(1)}', () => {
  it('records ${event.pascal}', () => {
    given(${example}()).when(new ${name.pascal}({ ${aggregate.camel}Id })).then(new ${event.pascal}({ ${aggregate.camel}Id, accountId }));
  });

  it('does nothing the second time', () => {
    given(${example}(), new ${event.pascal}({ ${aggregate.camel}Id, accountId })).when(new ${name.pascal}({ ${aggregate.camel}Id })).thenNothing();
  });

  it('refuses ${aggregate.words === '' ? '' : `a ${aggregate.words}`} that does not exist', () => {
    given().when(new ${name.pascal}({ ${aggregate.camel}Id })).thenRefused('${aggregate.snake}_not_found');
  });
});
`;
