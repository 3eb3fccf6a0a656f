import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written, e.g. `#kernel/money.js`. */
  readonly specifier: string;
  /** The file of ours that is meant, e.g. `libs/kernel/src/money.ts`; null for a package. */
  readonly target: string | null;
  readonly names: readonly string[];
  /** Gone at run time: `import type`. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** A file of the project as the rules see it; `path` begins at the root of the project. */
export class Source {
  private parsed: ts.SourceFile | undefined;
  private found: readonly Import[] | undefined;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  get isCode(): boolean {
    return /\.(ts|js)$/.test(this.path);
  }

  get syntax(): ts.SourceFile {
    this.parsed ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true);
    return this.parsed;
  }

  get imports(): readonly Import[] {
    this.found ??= this.isCode ? importsOf(this) : [];
    return this.found;
  }

  lineOf(node: ts.Node): number {
    return this.syntax.getLineAndCharacterOfPosition(node.getStart(this.syntax)).line + 1;
  }

  /** Every node for which the test holds, in the order of the text. */
  nodes<N extends ts.Node>(test: (node: ts.Node) => node is N): N[] {
    const found: N[] = [];
    const visit = (node: ts.Node): void => {
      if (test(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(this.syntax);
    return found;
  }
}

export type Files = Readonly<Record<string, string>>;

export function sourcesOf(files: Files): Source[] {
  return Object.entries(files).map(([path, text]) => new Source(path, text));
}

const READ = [
  '{apps,libs,migrations,test,tools}/**/*.{ts,js,json,md}',
  '{docs,helm}/**/*.{md,yaml,yml,tpl,json,svg}',
  '*.{md,json,js,yml,yaml}',
  'Dockerfile',
  '.ci/run',
];

/** All files of ours below a folder, but not what was installed or built. */
export function readSources(root: string): Source[] {
  const paths = globSync(READ, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) });
  return [...new Set(paths)]
    .filter((path) => path !== 'package-lock.json')
    .sort()
    .map((path) => new Source(path, readFileSync(join(root, path), 'utf8')));
}

function importsOf(source: Source): Import[] {
  const isImport = (node: ts.Node): node is ts.ImportDeclaration | ts.ExportDeclaration | ts.CallExpression =>
    ts.isImportDeclaration(node) ||
    (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword);
  return source.nodes(isImport).flatMap((node) => {
    const from = ts.isCallExpression(node) ? node.arguments[0] : node.moduleSpecifier;
    if (!from || !ts.isStringLiteral(from)) return [];
    return [
      {
        specifier: from.text,
        target: targetOf(source.path, from.text),
        names: namesOf(node),
        isTypeOnly: isTypeOnly(node),
        line: source.lineOf(node),
      },
    ];
  });
}

function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration | ts.CallExpression): string[] {
  if (ts.isCallExpression(node)) return [];
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  if (!bindings || (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings))) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration | ts.CallExpression): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return ts.isExportDeclaration(node) && node.isTypeOnly;
}

function targetOf(importer: string, specifier: string): string | null {
  const [, lib, path] = /^#([a-z-]+)\/(.+)\.js$/.exec(specifier) ?? [];
  if (lib) return lib === 'migrations' ? `migrations/${path}.ts` : `libs/${lib}/src/${path}.ts`;
  if (!specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(importer), specifier).replace(/\.js$/, importer.endsWith('.ts') ? '.ts' : '.js');
}
