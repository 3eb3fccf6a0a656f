import ts from 'typescript';
import { isDecision } from './layout.js';
import { inEach, type Rule } from './rule.js';
import type { Source } from './sources.js';

/** See docs/decisions/0015-each-use-case-answers-each-state.md. */
export const stateRules: readonly Rule[] = [
  {
    sentence: 'A decision tells states apart only by a `switch` over `status` that ends with `default: return state satisfies never`',
    check: inEach(isDecision, (source) => [
      ...source
        .nodes((node): node is ts.BinaryExpression | ts.CallExpression => isComparison(node) || isMembership(node))
        .filter((node) => !isAssertion(node, source))
        .map((node) => ({ line: source.lineOf(node), found: `compares: ${node.getText(source.syntax)}` })),
      ...source
        .nodes(ts.isSwitchStatement)
        .filter(({ expression, caseBlock }) => isStatus(expression) && !endsWithNever(caseBlock))
        .map((node) => ({ line: source.lineOf(node), found: 'the switch does not end with `satisfies never`' })),
    ]),
    badExamples: [
      { 'libs/accounts/src/account/close-account.ts': `return account.status === 'closed' ? [] : [new AccountClosed({})];` },
      { 'libs/accounts/src/account/close-account.ts': `if (account.status !== 'open') throw accountClosed('It is closed.');` },
      { 'libs/accounts/src/account/account.policies.ts': `const isOpen = ({ status }: Account) => 'open' === status;` },
      { 'libs/payments/src/payment/payment.state.ts': `const isOpen = (it: Payment) => ['pending', 'unknown'].includes(it.status);` },
      { 'libs/payments/src/payment/retry-payment.ts': `if (OPEN.has(payment.status)) return [];` },
      { 'libs/payments/src/payment/retry-payment.ts': `if ('intentId' in payment) return [];` },
      { 'libs/accounts/src/account/account.state.ts': `if (state.status !== 'open') return state;` },
      { 'libs/accounts/src/account/account.state.ts': `if (state.status === 'absent') throw new Error('There is no account.');` },
      { 'libs/accounts/src/account/close-account.ts': `switch (account.status) { case 'open': return [new AccountClosed({})]; }` },
      { 'libs/accounts/src/account/close-account.ts': `switch (account.status) { case 'open': return [x]; default: return []; }` },
    ],
    goodExamples: [
      {
        'libs/accounts/src/account/close-account.ts': `switch (account.status) {
          case 'open': return [new AccountClosed({})];
          case 'closed': return [];
          default: return account satisfies never;
        }`,
      },
      { 'libs/accounts/src/account/account.state.ts': `if (state.status !== 'open') throw new Error('It follows on a closed account.');` },
      { 'libs/payments/src/payment/retry-payment.ts': `if (isOpen(payment) || outcome.result === 'failed') return [];` },
      { 'libs/accounts/src/account/close-account.spec.ts': `expect(account.status === 'open').toBe(true);` },
    ],
  },
];

const COMPARING = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** `state.status`, or what was taken out of it under its own name. */
function isStatus(node: ts.Expression): boolean {
  return (ts.isPropertyAccessExpression(node) && node.name.text === 'status') || (ts.isIdentifier(node) && node.text === 'status');
}

function isComparison(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === ts.SyntaxKind.InKeyword) return ts.isStringLiteral(left);
  return COMPARING.has(operatorToken.kind) && (isStatus(left) || isStatus(right));
}

function isMembership(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return ['includes', 'has'].includes(node.expression.name.text) && node.arguments.some(isStatus);
}

/** In the fold: an event that can follow on one state only breaks on every other, those to come included. */
function isAssertion(node: ts.Expression, source: Source): boolean {
  const { parent } = node;
  if (!source.path.endsWith('.state.ts') || !ts.isIfStatement(parent) || parent.elseStatement) return false;
  const isNegative = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
  return isNegative && ts.isThrowStatement(parent.thenStatement);
}

function endsWithNever({ clauses }: ts.CaseBlock): boolean {
  const last = clauses.at(-1);
  const statement = last && ts.isDefaultClause(last) ? last.statements[0] : undefined;
  if (!statement || !(ts.isReturnStatement(statement) || ts.isThrowStatement(statement))) return false;
  const { expression } = statement;
  return expression !== undefined && ts.isSatisfiesExpression(expression) && expression.type.kind === ts.SyntaxKind.NeverKeyword;
}
