import ts from 'typescript';

/** A small change of one place, as a person might make it by mistake. */
export interface Mutation {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly was: string;
  readonly becomes: string;
}

const OTHER: Partial<Record<ts.SyntaxKind, readonly [kind: string, text: string]>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['comparison', '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['comparison', '==='],
  [ts.SyntaxKind.LessThanToken]: ['boundary', '<='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['boundary', '<'],
  [ts.SyntaxKind.GreaterThanToken]: ['boundary', '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['boundary', '>'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['logic', '||'],
  [ts.SyntaxKind.BarBarToken]: ['logic', '&&'],
  [ts.SyntaxKind.PlusToken]: ['arithmetic', '-'],
  [ts.SyntaxKind.MinusToken]: ['arithmetic', '+'],
  [ts.SyntaxKind.AsteriskToken]: ['arithmetic', '+'],
};

/** Every mutation of a file, in the order of its text. Types, imports and decorators are left alone: no test runs them. */
export function mutationsOf(file: string, text: string): Mutation[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutation[] = [];
  const add = (kind: string, from: number, to: number, becomes: string): void => {
    const line = source.getLineAndCharacterOfPosition(from).line + 1;
    found.push({ kind, file, line, from, to, was: text.slice(from, to), becomes });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node) || ts.isDecorator(node)) return;
    mutate(node, source, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

type Add = (kind: string, from: number, to: number, becomes: string) => void;

function mutate(node: ts.Node, source: ts.SourceFile, add: Add): void {
  const from = node.getStart(source);
  if (ts.isBinaryExpression(node)) mutateOperator(node, source, add);
  else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) add('negation', from, from + 1, '');
  else if (ts.isAwaitExpression(node) && ts.isExpressionStatement(node.parent)) add('await', from, from + 'await'.length, 'void');
  else if (ts.isExpressionStatement(node) && !ts.isAwaitExpression(node.expression)) add('dropped statement', from, node.end, ';');
  else if (ts.isIfStatement(node)) add('guard', node.expression.getStart(source), node.expression.end, 'false');
  else if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) mutateNumber(node, source, add);
  else if (ts.isCallExpression(node)) swapArguments(node, source, add);
  else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateLiteralToken(node))
    loosen(node, source, add);
}

function mutateOperator({ left, operatorToken, right }: ts.BinaryExpression, source: ts.SourceFile, add: Add): void {
  const from = operatorToken.getStart(source);
  // Without its default; the compiler may see it, a test must.
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add('default', left.end, right.end, '');
  const [kind, text] = OTHER[operatorToken.kind] ?? [];
  const joinsText = [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
  if (kind && text && !(kind === 'arithmetic' && joinsText)) add(kind, from, operatorToken.end, text);
}

function mutateNumber(node: ts.NumericLiteral | ts.BigIntLiteral, source: ts.SourceFile, add: Add): void {
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return;
  const text = node.getText(source).replaceAll('_', '');
  const becomes = text.endsWith('n') ? `${BigInt(text.slice(0, -1)) + 1n}n` : String(Number(text) + 1);
  add('number', node.getStart(source), node.end, becomes);
}

function swapArguments({ arguments: [first, second] }: ts.CallExpression, source: ts.SourceFile, add: Add): void {
  if (!first || !second || !ts.isIdentifier(first) || !ts.isIdentifier(second)) return;
  add('swapped arguments', first.getStart(source), second.end, `${second.text}, ${first.text}`);
}

/** One condition of a statement in SQL is lost. */
function loosen(node: ts.Node, source: ts.SourceFile, add: Add): void {
  const text = node.getText(source);
  if (!/\b(where|on)\b/.test(text)) return;
  const begins = node.getStart(source);
  for (const found of text.matchAll(/ and [\w.]+(?:::\w+)? *(?:=|<>|<=?|>=?|is) *(?:not null|null|true|false|[\w.$():']+)/g))
    add('where', begins + found.index, begins + found.index + found[0].length, '');
}
