import ts from 'typescript';
import { consequencesOf } from './consequences.js';
import type { Program } from './program.js';

/** Who sends a command: a route, a mutation or a job. Reactions and timers are known from the vocabulary. */
export interface Sender {
  readonly name: string;
  readonly path: string;
  readonly commands: readonly string[];
}

export function sendersIn(program: Program): Sender[] {
  return program
    .classes()
    .flatMap((node) => [...endpointsOf(program, node), ...jobsOf(program, node)])
    .filter(({ commands }) => commands.length > 0);
}

const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

function endpointsOf(program: Program, node: ts.ClassDeclaration): Sender[] {
  const controller = decorator(node, ['Controller']);
  return node.members.filter(ts.isMethodDeclaration).flatMap((method) => {
    const verb = controller && decorator(method, VERBS);
    const mutation = decorator(method, ['Mutation']);
    if (!verb && !mutation) return [];
    const path = ['', controller?.text, verb?.text]
      .filter((part) => part !== undefined && part !== '/')
      .join('/')
      .replace(/\/+/g, '/')
      .replace(/(.)\/$/, '$1');
    const name = verb ? `${verb.name.toUpperCase()} ${path}` : `mutation ${method.name.getText()}`;
    return [{ name, path: program.pathOf(node), commands: consequencesOf(program, method).commands }];
  });
}

/** A handler of jobs names its kind in a field: `readonly kind = 'payments.collect'`. */
function jobsOf(program: Program, node: ts.ClassDeclaration): Sender[] {
  const kind = node.members.filter(ts.isPropertyDeclaration).find((member) => member.name.getText() === 'kind')?.initializer;
  if (!kind || !ts.isStringLiteral(kind)) return [];
  return [{ name: `job ${kind.text}`, path: program.pathOf(node), commands: consequencesOf(program, node).commands }];
}

function decorator(node: ts.HasDecorators, names: readonly string[]): { name: string; text: string } | null {
  for (const { expression } of ts.getDecorators(node) ?? []) {
    if (!ts.isCallExpression(expression)) continue;
    const name = expression.expression.getText();
    const [first] = expression.arguments;
    if (names.includes(name)) return { name, text: first && ts.isStringLiteral(first) ? first.text : '' };
  }
  return null;
}
