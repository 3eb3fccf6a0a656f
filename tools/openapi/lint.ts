import { createConfig, lint } from '@redocly/openapi-core';

/** What the recommended rules of Redocly find, by the library behind its command line: it asks nobody, and tells nobody. */
export async function lintErrors(file: string): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      'operation-operationId': 'error',
      'operation-operationId-unique': 'error',
      'operation-operationId-url-safe': 'error',
      'operation-tag-defined': 'error',
      'tag-description': 'error',
      'no-unused-components': 'error',
      'no-invalid-media-type-examples': 'error',
      'no-invalid-schema-examples': 'error',
      // The API cannot know the name under which it is reached.
      'no-server-example.com': 'off',
    },
  });
  const problems = await lint({ ref: file, config });
  return problems.map(({ ruleId, message, location: [place] }) => `${ruleId} at ${place?.pointer ?? '?'}: ${message}`);
}
