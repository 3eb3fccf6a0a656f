import ts from 'typescript';

/** A change of a file's text. The places are found in its syntax, so that hand-written files can be added to. */
export type Edit = (text: string) => string;

export const inOrder =
  (...edits: readonly Edit[]): Edit =>
  (text) =>
    edits.reduce((changed, edit) => edit(changed), text);

/** The formatter puts it in its place. */
export const withImport =
  (names: readonly string[], from: string): Edit =>
  (text) =>
    new RegExp(`from '${from.replaceAll('.', '\\.')}'`).test(text) && !text.includes(`import type {`)
      ? intoImport(names, from, text)
      : `import { ${names.join(', ')} } from '${from}';\n${text}`;

export const appended =
  (lines: string): Edit =>
  (text) =>
    `${text.trimEnd()}\n${lines}\n`;

/** Adds to the list that a constant or a property is given, e.g. `deciders: [A]`; a property that is not there is made. */
export const intoList =
  (list: string, element: string): Edit =>
  (text) => {
    const value = givenTo(text, list);
    if (!value) return intoObject(text, `${list}: [${element}]`);
    if (!ts.isArrayLiteralExpression(value)) throw new Error(`${list} is not a list.`);
    return inserted(text, value.getEnd() - 1, `${value.elements.length > 0 && !value.elements.hasTrailingComma ? ', ' : ''}${element}`);
  };

/** Adds to the object that a property is given, e.g. `on: { … }`; a property that is not there is made. */
export const intoTable =
  (table: string, entry: string): Edit =>
  (text) => {
    const value = givenTo(text, table);
    if (!value) return intoObject(text, `${table}: { ${entry} }`);
    if (!ts.isObjectLiteralExpression(value)) throw new Error(`${table} is not a table.`);
    return inserted(text, value.getEnd() - 1, `${value.properties.length > 0 && !value.properties.hasTrailingComma ? ', ' : ''}${entry}`);
  };

/** Puts text before the first place that a pattern matches. */
export const before =
  (pattern: RegExp, added: string): Edit =>
  (text) => {
    const match = pattern.exec(text);
    if (!match) throw new Error(`There is nothing like ${pattern.source} to add to.`);
    return inserted(text, match.index, added);
  };

/** Adds a case to the switch of a function, before its `default` where it has one. */
export const intoSwitch =
  (name: string, added: string): Edit =>
  (text) => {
    const [table] = all(functionIn(text, name), ts.isSwitchStatement);
    if (!table) throw new Error(`${name} has no switch to add to.`);
    const otherwise = table.caseBlock.clauses.find(ts.isDefaultClause);
    return inserted(text, otherwise?.getStart() ?? table.caseBlock.getEnd() - 1, added);
  };

export const firstInFunction =
  (name: string, statement: string): Edit =>
  (text) =>
    inserted(text, functionIn(text, name).body!.getStart() + 1, `\n${statement}`);

/** Adds a name to what is exported from a file, e.g. of a contract. */
export const intoExport =
  (name: string, from: string): Edit =>
  (text) => {
    const found = all(parsed(text), ts.isExportDeclaration).find(
      ({ moduleSpecifier }) => moduleSpecifier && ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === from,
    );
    if (!found?.exportClause || !ts.isNamedExports(found.exportClause)) return appended(`export { ${name} } from '${from}';`)(text);
    return inserted(text, found.exportClause.elements.at(-1)!.getEnd(), `, ${name}`);
  };

function functionIn(text: string, name: string): ts.FunctionDeclaration {
  const found = all(parsed(text), ts.isFunctionDeclaration).find((node) => node.name?.text === name);
  if (!found?.body) throw new Error(`There is no function ${name} to add to.`);
  return found;
}

function givenTo(text: string, name: string): ts.Expression | undefined {
  const named = all(
    parsed(text),
    (node): node is ts.PropertyAssignment | ts.VariableDeclaration => ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node),
  );
  const value = named.find((node) => node.name.getText() === name)?.initializer;
  return value && ts.isAsExpression(value) ? value.expression : value;
}

/** Into the object that the file's last constant is. */
function intoObject(text: string, property: string): string {
  const objects = all(parsed(text), ts.isVariableDeclaration).flatMap(({ initializer }) =>
    initializer && ts.isObjectLiteralExpression(initializer) ? [initializer] : [],
  );
  const object = objects.at(-1);
  if (!object) throw new Error(`There is no object to add ${property} to.`);
  const comma = object.properties.length > 0 && !object.properties.hasTrailingComma ? ', ' : '';
  return inserted(text, object.getEnd() - 1, `${comma}${property}`);
}

function intoImport(names: readonly string[], from: string, text: string): string {
  const found = all(parsed(text), ts.isImportDeclaration).find(
    (node) => ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === from,
  );
  const bindings = found?.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return `import { ${names.join(', ')} } from '${from}';\n${text}`;
  return inserted(text, bindings.elements.at(-1)!.getEnd(), `, ${names.join(', ')}`);
}

const parsed = (text: string): ts.SourceFile => ts.createSourceFile('edited.ts', text, ts.ScriptTarget.Latest, true);

function all<N extends ts.Node>(root: ts.Node, test: (node: ts.Node) => node is N): N[] {
  const found: N[] = [];
  const visit = (node: ts.Node): void => {
    if (test(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function inserted(text: string, at: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at);
}
