import { inOrder, withImport } from '../edits.js';
import type { Name } from '../names.js';
import type { Addition, Project } from '../project.js';
import { migration } from './migration.js';

/** A bounded context with nothing in it yet: its words, its wiring, its schema. */
export function context(project: Project, name: Name): Addition {
  if (project.has(`libs/${name.kebab}`)) throw new Error(`There is a libs/${name.kebab} already.`);
  const schema = migration(
    project.nextMigration(),
    name,
    `The read models of ${name.words} live here.`,
    `create schema ${name.snake}`,
    `drop schema ${name.snake} cascade`,
  );
  return {
    files: {
      ...schema.files,
      [`libs/${name.kebab}/README.md`]: readme(name),
      [`libs/${name.kebab}/src/contract.ts`]: `/** All that other contexts may know of ${name.words}. */\nexport {};\n`,
      [`libs/${name.kebab}/src/${name.kebab}.context.ts`]: `import type { ContextDefinition } from '#event-sourcing/vocabulary.js';

/** Everything that ${name.words} adds to the system, apart from its API. */
export const ${name.camel}Context: ContextDefinition = { name: '${name.kebab}' };
`,
      [`libs/${name.kebab}/src/${name.kebab}.module.ts`]: `import { Module } from '@nestjs/common';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { ${name.camel}Context } from './${name.kebab}.context.js';

@Module({ imports: [EventSourcingModule.forContext(${name.camel}Context)] })
export class ${name.pascal}Module {}
`,
    },
    edits: {
      ...schema.edits,
      'package.json': (text) => withSubpath(text, name),
      'nest-cli.json': (text) => withProject(text, name),
      'apps/contexts.module.ts': inOrder(
        intoModule(`${name.pascal}Module`),
        withImport([`${name.pascal}Module`], `#${name.kebab}/${name.kebab}.module.js`),
      ),
    },
  };
}

function readme({ kebab, words }: Name): string {
  const heading = words.charAt(0).toUpperCase() + words.slice(1);
  return `# ${heading}

What this context decides, in two sentences that name its words.

| Word | What it is |
|---|---|

What can be asked of it, what it records, what it hears: [commands](../../docs/generated/commands.md),
[events](../../docs/generated/events.md), [flows](../../docs/generated/flows.md). New parts of it begin with
\`npm run new -- aggregate ${kebab} …\`.
`;
}

function withSubpath(text: string, { kebab }: Name): string {
  const manifest = JSON.parse(text);
  manifest.imports[`#${kebab}/*.js`] = { types: `./libs/${kebab}/src/*.ts`, default: `./dist/libs/${kebab}/src/*.js` };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function withProject(text: string, { kebab }: Name): string {
  const settings = JSON.parse(text);
  settings.projects[kebab] = { type: 'library', root: `libs/${kebab}`, entryFile: `${kebab}.module`, sourceRoot: `libs/${kebab}/src` };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Modules are imported in a list of a decorator, which has no name of its own. */
const intoModule =
  (module: string) =>
  (text: string): string =>
    text.replace(/,?(\s*)\](,?\s*\}\))/, `, ${module}$1]$2`);
