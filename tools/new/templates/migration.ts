import { inOrder, intoList, withImport } from '../edits.js';
import type { Name } from '../names.js';
import type { Addition } from '../project.js';

/** A migration of its own, at the end of the list. */
export function migration(number: string, name: Name, comment: string, up: string, down: string): Addition {
  const className = `${name.pascal}170000000${number}`;
  return {
    files: {
      [`migrations/${number}-${name.kebab}.ts`]: `import type { MigrationInterface, QueryRunner } from 'typeorm';

/** ${comment} */
export class ${className} implements MigrationInterface {
  name = '${className}';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`${up}\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('${down}');
  }
}
`,
    },
    edits: {
      'migrations/migrations.ts': inOrder(intoList('migrations', className), withImport([className], `./${number}-${name.kebab}.js`)),
    },
  };
}
