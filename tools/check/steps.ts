/** Everything that CI runs, in this order: what is quick and what others build on comes first. */
export const steps: readonly { readonly script: string; readonly args?: readonly string[] }[] = [
  { script: 'lint' },
  { script: 'types' },
  { script: 'architecture' },
  { script: 'build' },
  { script: 'docs', args: ['--check'] },
  { script: 'openapi', args: ['--check'] },
  { script: 'smoke' },
  { script: 'test', args: ['--json', '--outputFile=.cache/test-results.json'] },
];
