import { inOrder, intoTable, withImport } from '../edits.js';
import type { Name } from '../names.js';
import type { Addition, Project } from '../project.js';

interface Found {
  readonly context: string;
  readonly folder: string;
  readonly file: string;
}

/** A reaction: when that event has happened, send this command about the same thing. The event may be another context's. */
export function saga(project: Project, context: Name, event: Name, command: Name): Addition {
  const src = `libs/${context.kebab}/src`;
  const heard = messageIn(project, 'DomainEvent', event);
  const sent = messageIn(project, 'Command', command);
  if (sent.context !== context.kebab)
    throw new Error(`${command.pascal} belongs to ${sent.context}: the context that reacts owns the saga.`);
  const field = `${sent.folder.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`;
  const reaction = `${command.camel}When${event.pascal}`;
  const path = `${src}/sagas/${event.kebab}.saga.ts`;
  if (project.has(path)) throw new Error(`There is a ${path} already: add the reaction to it.`);
  const isForeign = heard.context !== context.kebab;
  const from = isForeign ? `#${heard.context}/contract.js` : `../${heard.folder}/${heard.file}`;
  const commandFrom = `../${sent.folder}/${sent.file}`;
  return {
    files: {
      [path]: `import { whenever } from '#event-sourcing/reaction.js';
import { ${event.pascal} } from '${from}';
import { ${command.pascal} } from '${commandFrom}';

export const ${reaction} = whenever([${event.pascal}], 'with', ({ data: { ${field} } }) => [new ${command.pascal}({ ${field} })]);
`,
      [path.replace('.ts', '.spec.ts')]: `import { reactionOf } from '#event-sourcing/testing/specification.js';
import { newId } from '#kernel/ids.js';
import { ${event.pascal} } from '${from}';
import { ${command.pascal} } from '${commandFrom}';
import { ${reaction} } from './${event.kebab}.saga.js';

const data = { ${field}: newId(7) } as ${event.pascal}['data'];

describe('When ${event.pascal}', () => {
  it('${command.words} follows', () => {
    reactionOf(${reaction})
      .when(new ${event.pascal}(data))
      .then(new ${command.pascal}({ ${field}: data.${field} }));
  });
});
`,
    },
    edits: {
      [`${src}/${context.kebab}.context.ts`]: inOrder(
        intoTable('reactions', reaction),
        withImport([reaction], `./sagas/${event.kebab}.saga.js`),
      ),
    },
  };
}

function messageIn(project: Project, base: string, { pascal }: Name): Found {
  for (const path of project.paths('libs/*/src/*/*.ts')) {
    if (!project.read(path, '').includes(`class ${pascal} extends ${base}('`)) continue;
    const [, context, , folder, file] = path.split('/');
    return { context: context!, folder: folder!, file: file!.replace(/\.ts$/, '.js') };
  }
  throw new Error(`No context declares ${pascal}.`);
}
