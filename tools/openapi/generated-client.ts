import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

/** Generates the types of a client from the document, and compiles test/openapi-client on them. One sentence for each error. */
export async function clientErrors(root: string, document: unknown): Promise<string[]> {
  const folder = join(root, '.cache/openapi-client');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'perennial.ts'), astToString(await openapiTS(document as OpenAPI3)));
  const configFile = join(root, 'test/openapi-client/tsconfig.json');
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'test/openapi-client'), undefined, configFile);
  const program = ts.createProgram(fileNames, options);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { line = 0 } = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? {};
    return `${diagnostic.file?.fileName ?? 'the client'}:${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}
