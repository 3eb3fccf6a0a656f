import ts from 'typescript';
import { isSpec } from './layout.js';
import { inEach, type Rule } from './rule.js';
import type { Source } from './sources.js';

const HOOKS = /^(it|test|beforeAll|beforeEach|afterAll|afterEach)(\.|$)/;
const WAITERS = /^(until|becomes|isQuiet|waitWhile|waitUntil)$/;

/** A busy machine makes no test fail: nothing is measured against a clock, and patience is the same everywhere. */
export const patienceRules: readonly Rule[] = [
  {
    sentence: 'No specification expects how long something takes',
    check: inEach(isSpec, (source) =>
      callsOf(source)
        .filter(isExpectation)
        .filter((call) => call.arguments.some(isDuration))
        .map((call) => ({ line: source.lineOf(call), found: call.getText().slice(0, 80) })),
    ),
    badExamples: [
      { 'libs/x/src/a.spec.ts': 'expect(performance.now() - startedMs).toBeLessThan(500);' },
      { 'test/a.spec.ts': 'expect(Date.now() - began).toBeGreaterThan(5);' },
      { 'test/a.spec.ts': 'expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);' },
      { 'test/a.spec.ts': 'expect(await timed(bell.ring())).toBeLessThan(50);' },
      { 'test/a.spec.ts': 'expect(answer.durationMs).toBeLessThan(50);' },
      { 'test/a.spec.ts': 'expect(elapsedMs).toBeLessThanOrEqual(50);' },
    ],
    goodExamples: [
      { 'test/a.spec.ts': 'expect(made).toBeLessThanOrEqual(Date.now()); expect(durationMs(february)).toBe(28 * 86_400_000);' },
      { 'test/a.ts': 'expect(performance.now() - startedMs).toBeLessThan(500);' },
    ],
  },
  {
    sentence: 'Limits of patience stand in one place, test/support: a specification has none of its own',
    check: inEach(isSpec, (source) => [
      ...callsOf(source)
        .filter((call) => ownLimit(call))
        .map((call) => ({ line: source.lineOf(call), found: call.getText().slice(-60) })),
      ...source
        .nodes(ts.isBinaryExpression)
        .filter(
          ({ left, operatorToken, right }) =>
            operatorToken.kind === ts.SyntaxKind.PlusToken && left.getText() === 'performance.now()' && isNumber(right),
        )
        .map((sum) => ({ line: source.lineOf(sum), found: sum.getText() })),
    ]),
    badExamples: [
      { 'test/a.spec.ts': `it('does', async () => {}, 60_000);` },
      { 'test/a.spec.ts': `it.each([1])('does %s', async () => {}, 60_000);` },
      { 'test/a.spec.ts': 'beforeAll(async () => {}, 120_000);' },
      { 'test/a.spec.ts': 'jest.setTimeout(60_000);' },
      { 'test/a.spec.ts': 'await waitWhile(() => lives(pid), 10_000);' },
      { 'test/a.spec.ts': 'await cell.becomes(isOver, [], 10_000);' },
      { 'test/a.spec.ts': 'for (const endMs = performance.now() + 20_000; ; ) {}' },
    ],
    goodExamples: [{ 'test/a.spec.ts': `it('does', async () => { await cell.becomes(isOver, [], PATIENCE_MS); });` }],
  },
];

function callsOf(source: Source): ts.CallExpression[] {
  return source.nodes(ts.isCallExpression);
}

/** `expect(…).toBeLessThan(…)` and its like. Answers for the call of `expect`, whose argument is what is compared. */
function isExpectation(call: ts.CallExpression): boolean {
  if (call.expression.getText() !== 'expect') return false;
  return ts.isPropertyAccessExpression(call.parent) && /^toBe(Less|Greater)Than/.test(call.parent.name.text);
}

function isDuration(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.MinusToken && (isNow(node.left) || isNow(node.right)))
    return true;
  if (ts.isIdentifier(node) && /^(elapsed|took|timed|duration)(Ms|Seconds)?$/.test(node.text) && !isCalledOnPeriod(node)) return true;
  return ts.forEachChild(node, (child) => isDuration(child) || undefined) ?? false;
}

/** `durationMs(period)` is a length on the calendar. */
function isCalledOnPeriod({ text, parent }: ts.Identifier): boolean {
  return text === 'durationMs' && ts.isCallExpression(parent);
}

function ownLimit(call: ts.CallExpression): boolean {
  const callee = call.expression.getText();
  if (callee === 'jest.setTimeout') return true;
  const last = call.arguments.at(-1);
  if (!last || !isNumber(last)) return false;
  return (HOOKS.test(callee) && call.arguments.length > 1) || WAITERS.test(callee.slice(callee.lastIndexOf('.') + 1));
}

function isNow(node: ts.Node): boolean {
  return /^(performance|Date)\.now\(\)$/.test(node.getText());
}

function isNumber(node: ts.Node): boolean {
  return ts.isNumericLiteral(node);
}
