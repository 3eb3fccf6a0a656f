import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** The sources of the libraries, as the compiler understands them. Paths are relative to the project. */
export class Program {
  readonly checker: ts.TypeChecker;
  private readonly program: ts.Program;

  constructor(
    readonly root: string,
    files: readonly string[] = globSync('libs/*/src/**/*.ts', { cwd: root, exclude: (path) => path.endsWith('.spec.ts') }),
  ) {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
    this.program = ts.createProgram(
      files.toSorted().map((path) => join(root, path)),
      options,
    );
    this.checker = this.program.getTypeChecker();
  }

  get sources(): readonly ts.SourceFile[] {
    return this.program.getSourceFiles().filter((file) => /^libs\/[^/]+\/src\//.test(this.pathOf(file)));
  }

  pathOf(node: ts.Node): string {
    return relative(this.root, node.getSourceFile().fileName);
  }

  classes(): ts.ClassDeclaration[] {
    return this.sources.flatMap((file) => file.statements.filter(ts.isClassDeclaration));
  }

  /** Where the name that a node stands for was declared, past imports and exports. */
  declarationOf(node: ts.Node): ts.Declaration | undefined {
    const symbol = this.checker.getSymbolAtLocation(node);
    const meant = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return meant?.valueDeclaration;
  }
}

/** The comment above a declaration, in one line; empty where there is none. */
export function commentOn(node: ts.Node): string {
  const [block] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return (ts.getTextOfJSDocComment(block?.comment) ?? '').replaceAll(/\s+/g, ' ').trim();
}
