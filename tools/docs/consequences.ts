import ts from 'typescript';
import { messageParts } from './messages.js';
import type { Program } from './program.js';

/** What a piece of code can bring about, as far as its text shows: through every function of ours that it uses. */
export interface Consequences {
  readonly events: readonly string[];
  readonly commands: readonly string[];
  /** Timers set, with the command that is due. */
  readonly timers: readonly { readonly name: string; readonly commands: readonly string[] }[];
  readonly canceledTimers: readonly string[];
  readonly jobs: readonly string[];
}

export function consequencesOf(program: Program, start: ts.Node): Consequences {
  const found = {
    events: new Set<string>(),
    commands: new Set<string>(),
    timers: new Map<string, readonly string[]>(),
    canceled: new Set<string>(),
    jobs: new Set<string>(),
  };
  const visited = new Set<ts.Node>();

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [first] = node.arguments;
      const timer = first && timerOf(program, first);
      if (timer && node.expression.text === 'schedule') found.timers.set(timer.name, timer.commands);
      if (timer && node.expression.text === 'unschedule') found.canceled.add(timer.name);
      const kind = first && textOf(program, first);
      if (kind && node.expression.text === 'enqueue') found.jobs.add(kind);
    }
    if (ts.isNewExpression(node)) {
      const declared = program.declarationOf(node.expression);
      const message = declared && messageParts(declared);
      if (message) (message.kind === 'event' ? found.events : found.commands).add(message.type);
    }
    if (ts.isIdentifier(node)) follow(node);
    ts.forEachChild(node, visit);
  };

  const follow = (name: ts.Identifier): void => {
    const declared = program.declarationOf(name);
    if (!declared || visited.has(declared) || !isOfAContext(program, declared)) return;
    const body = bodyOf(declared);
    if (!body) return;
    visited.add(declared);
    visit(body);
  };

  visit(start);
  return {
    events: [...found.events],
    commands: [...found.commands],
    timers: [...found.timers].map(([name, commands]) => ({ name, commands })),
    canceledTimers: [...found.canceled],
    jobs: [...found.jobs],
  };
}

/** What `timer('renewal', RenewSubscription, …)` declares, where a name stands for it. */
function timerOf(program: Program, node: ts.Expression): { name: string; commands: readonly string[] } | undefined {
  const declared = program.declarationOf(node);
  const call = declared && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression.getText() !== 'timer') return undefined;
  const [name, command] = call.arguments;
  const message = command && program.declarationOf(command);
  const parts = message && messageParts(message);
  return name && ts.isStringLiteral(name) ? { name: name.text, commands: parts ? [parts.type] : [] } : undefined;
}

/** A text written in place, or a constant that stands for one. */
function textOf(program: Program, node: ts.Expression): string | undefined {
  if (ts.isStringLiteral(node)) return node.text;
  const type = program.checker.getTypeAtLocation(node);
  return type.isStringLiteral() ? type.value : undefined;
}

function isOfAContext(program: Program, node: ts.Node): boolean {
  return /^libs\/(?!kernel\/|event-sourcing\/|platform\/|embedded\/)/.test(program.pathOf(node));
}

function bodyOf(declared: ts.Declaration): ts.Node | undefined {
  if (ts.isFunctionDeclaration(declared) || ts.isMethodDeclaration(declared)) return declared.body;
  return ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
}
