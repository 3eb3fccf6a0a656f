import { appended, inOrder, intoList, withImport } from '../edits.js';
import { article, type Name } from '../names.js';
import type { Addition, Project } from '../project.js';

/** A kind of stream that belongs to an account, with its first command, its first event and the specification of both. */
export function aggregate(project: Project, context: Name, name: Name): Addition {
  const src = `libs/${context.kebab}/src`;
  const folder = `${src}/${name.kebab}`;
  project.read(`${src}/${context.kebab}.context.ts`, `make it with npm run new -- context ${context.kebab}`);
  if (project.has(folder)) throw new Error(`There is a ${folder} already.`);
  const created = `${name.pascal}Created`;
  return {
    files: {
      [`${folder}/${name.kebab}.events.ts`]: events(name),
      [`${folder}/${name.kebab}.state.ts`]: state(name),
      [`${folder}/${name.kebab}.refusals.ts`]: refusals(name),
      [`${folder}/${name.kebab}.decider.ts`]: decider(name),
      [`${folder}/${name.kebab}.examples.ts`]: examples(name),
      [`${folder}/create-${name.kebab}.ts`]: command(name),
      [`${folder}/create-${name.kebab}.spec.ts`]: spec(name),
    },
    edits: {
      [`${src}/${context.kebab}.context.ts`]: inOrder(
        intoList('deciders', `${name.pascal}Decider`),
        withImport([`${name.pascal}Decider`], `./${name.kebab}/${name.kebab}.decider.js`),
      ),
      [`${src}/contract.ts`]: inOrder(
        (text) => text.replace('export {};\n', ''),
        appended(`export { ${created}, type ${name.pascal}Event, ${name.camel}Events } from './${name.kebab}/${name.kebab}.events.js';`),
      ),
    },
  };
}

const events = ({ kebab, pascal, camel }: Name): string => `import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { AccountId, Id } from '#kernel/ids.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

export type ${pascal}Id = Id<'${kebab}'>;

interface Of${pascal} {
  readonly ${camel}Id: ${pascal}Id;
  readonly accountId: AccountId;
}

export class ${pascal}Created extends DomainEvent('${pascal}Created')<Of${pascal}> {}

export const ${camel}Events = [${pascal}Created] as const;
export type ${pascal}Event = EventOf<typeof ${camel}Events>;
`;

const state = ({ kebab, pascal, camel, words }: Name): string => `import type { AccountId } from '#kernel/ids.js';
import type { ${pascal}Event, ${pascal}Id } from './${kebab}.events.js';

/** What every ${words} has from its creation on. */
interface Existing {
  readonly ${camel}Id: ${pascal}Id;
  readonly accountId: AccountId;
}

export type ${pascal} = { readonly status: 'absent' } | (Existing & { readonly status: 'created' });

export const initialState: ${pascal} = { status: 'absent' };

export function evolve(_state: ${pascal}, event: ${pascal}Event): ${pascal} {
  // A case that is missing does not compile: the function would end without a state.
  switch (event.type) {
    case '${pascal}Created':
      return { ...event.data, status: 'created' };
  }
}
`;

const refusals = ({ camel, snake, words }: Name): string => `import { defineRefusal } from '#kernel/refusal.js';

export const ${camel}NotFound = defineRefusal({
  code: '${snake}_not_found',
  kind: 'not-found',
  hint: 'Create the ${words} first.',
});
`;

const decider = ({ kebab, pascal, camel, words }: Name): string => `import { type Decider, on } from '#event-sourcing/decider.js';
import { Create${pascal}, create${pascal} } from './create-${kebab}.js';
import { type ${pascal}Event, type ${pascal}Id, ${camel}Events } from './${kebab}.events.js';
import { evolve, initialState, type ${pascal} } from './${kebab}.state.js';

const stream = ({ ${camel}Id }: { readonly ${camel}Id: ${pascal}Id }) => ${camel}Id;

/** The table of what can be asked of ${article(words)} ${words}, and who decides it. */
export const ${pascal}Decider: Decider<${pascal}, ${pascal}Event> = {
  category: '${kebab}',
  events: ${camel}Events,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  decisions: [on(Create${pascal}, { stream, timeOf: ({ accountId }) => accountId, decide: create${pascal} })],
};
`;

const examples = ({ kebab, pascal, camel, words }: Name): string => `import { type AccountId, newId } from '#kernel/ids.js';
import { ${pascal}Created, type ${pascal}Event, type ${pascal}Id } from './${kebab}.events.js';

// The same named examples for every specification about ${article(words)} ${words}.

export const accountId: AccountId = newId(7);
export const ${camel}Id: ${pascal}Id = newId(7);

export const ${article(words)}${pascal} = (): ${pascal}Event[] => [new ${pascal}Created({ ${camel}Id, accountId })];
`;

const command = ({ kebab, pascal, camel, words }: Name): string => `import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { ${pascal}Created, type ${pascal}Event, type ${pascal}Id } from './${kebab}.events.js';
import type { ${pascal} } from './${kebab}.state.js';

/** Begins ${article(words)} ${words} of an account. Asked again it changes nothing. */
export class Create${pascal} extends Command('Create${pascal}')<{ readonly ${camel}Id: ${pascal}Id; readonly accountId: AccountId }> {}

export function create${pascal}({ ${camel}Id, accountId }: Create${pascal}['data'], state: ${pascal}): ${pascal}Event[] {
  switch (state.status) {
    case 'absent':
      return [new ${pascal}Created({ ${camel}Id, accountId })];
    case 'created':
      return [];
    default:
      return state satisfies never;
  }
}
`;

const spec = ({ kebab, pascal, camel, words }: Name): string => `import { specification } from '#event-sourcing/testing/specification.js';
import { Create${pascal} } from './create-${kebab}.js';
import { ${pascal}Decider } from './${kebab}.decider.js';
import { ${pascal}Created } from './${kebab}.events.js';
import { ${article(words)}${pascal}, accountId, ${camel}Id } from './${kebab}.examples.js';

const { given } = specification(${pascal}Decider);

describe('Creating ${article(words)} ${words}', () => {
  it('begins it for an account', () => {
    given().when(new Create${pascal}({ ${camel}Id, accountId })).then(new ${pascal}Created({ ${camel}Id, accountId }));
  });

  it('does nothing the second time', () => {
    given(${article(words)}${pascal}()).when(new Create${pascal}({ ${camel}Id, accountId })).thenNothing();
  });
});
`;
