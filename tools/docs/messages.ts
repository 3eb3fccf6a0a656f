import ts from 'typescript';
import { commentOn, type Program } from './program.js';
import { Shapes } from './shapes.js';

/** An event or a command class, as its source declares it. */
export interface Message {
  readonly kind: 'event' | 'command';
  readonly type: string;
  readonly comment: string;
  readonly path: string;
  /** What its data looks like as JSON. */
  readonly shape: string;
}

const kinds: Readonly<Record<string, Message['kind']>> = { DomainEvent: 'event', Command: 'command' };

/** `class PlanChanged extends DomainEvent('PlanChanged')<{ … }> {}`: the name it is stored under, and the type of its data. */
export function messageParts(node: ts.Node): { kind: Message['kind']; type: string; data: ts.TypeNode } | null {
  if (!ts.isClassDeclaration(node)) return null;
  const extended = node.heritageClauses?.[0]?.types[0];
  if (!extended || !ts.isCallExpression(extended.expression)) return null;
  const kind = kinds[extended.expression.expression.getText()];
  const [name] = extended.expression.arguments;
  const [data] = extended.typeArguments ?? [];
  return kind && name && data && ts.isStringLiteral(name) ? { kind, type: name.text, data } : null;
}

/** All messages by their stored names. Throws where a shape could not be stored, or would say nothing. */
export function messagesOf(program: Program): Map<string, Message> {
  const found = program.classes().flatMap((node) => {
    const parts = messageParts(node);
    if (!parts) return [];
    const shapes = new Shapes(program.checker, parts.kind === 'command');
    const shape = shapes.of(program.checker.getTypeFromTypeNode(parts.data), parts.type);
    return [{ kind: parts.kind, type: parts.type, comment: commentOn(node), path: program.pathOf(node), shape }];
  });
  return new Map(found.map((message) => [message.type, message]));
}
