import ts from 'typescript';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { type Consequences, consequencesOf } from './consequences.js';
import { type Message, messagesOf } from './messages.js';
import type { Program } from './program.js';
import { type Sender, sendersIn } from './senders.js';

export interface KnownReaction {
  readonly name: string;
  readonly context: string;
  readonly settles: 'with' | 'after';
  readonly hears: readonly string[];
  readonly path: string;
  readonly does: Consequences;
}

/** What the catalogues are written from: the contexts as they run, joined with their sources as the compiler reads them. */
export interface Knowledge {
  readonly contexts: readonly ContextDefinition[];
  readonly messages: ReadonlyMap<string, Message>;
  readonly reactions: readonly KnownReaction[];
  readonly senders: readonly Sender[];
  /** The events that each command may lead to. */
  readonly eventsOf: ReadonlyMap<string, readonly string[]>;
  /** The file that declares an exported constant, e.g. a read model. */
  readonly pathOf: (context: string, name: string) => string;
}

export function gather(program: Program, contexts: readonly ContextDefinition[]): Knowledge {
  const constants = constantsOf(program);
  const declared = (context: string, name: string): ts.VariableDeclaration => {
    const found = constants.get(`${context}/${name}`);
    if (!found) throw new Error(`No file of ${context} declares ${name}: export it under the name it is registered with.`);
    return found;
  };
  const messages = messagesOf(program);
  for (const context of contexts)
    for (const type of typesOf(context)) if (!messages.has(type)) throw new Error(`The class of ${type} was not found.`);
  return {
    contexts,
    messages,
    senders: sendersIn(program),
    pathOf: (context, name) => program.pathOf(declared(context, name)),
    eventsOf: new Map(decisionsOf(program, contexts)),
    reactions: contexts.flatMap((context) =>
      Object.entries(context.reactions ?? {}).map(([name, { settles, hears }]) => {
        const node = declared(context.name, name);
        return {
          name,
          context: context.name,
          settles,
          hears: hears.map(({ type }) => type),
          path: program.pathOf(node),
          does: consequencesOf(program, node.initializer!),
        };
      }),
    ),
  };
}

function typesOf({ deciders = [] }: ContextDefinition): string[] {
  return deciders.flatMap((decider) => [...decider.events, ...decider.decisions.map(({ command }) => command)].map(({ type }) => type));
}

/** `libs/invoicing/… export const invoiceDetails = …` under `invoicing/invoiceDetails`. */
function constantsOf(program: Program): Map<string, ts.VariableDeclaration> {
  const found = new Map<string, ts.VariableDeclaration>();
  for (const file of program.sources) {
    const lib = program.pathOf(file).split('/')[1];
    for (const statement of file.statements.filter(ts.isVariableStatement)) {
      for (const node of statement.declarationList.declarations) found.set(`${lib}/${node.name.getText()}`, node);
    }
  }
  return found;
}

/** The decision of a command is the function of its name, beside it. */
function decisionsOf(program: Program, contexts: readonly ContextDefinition[]): [string, readonly string[]][] {
  const commands = new Set(
    contexts.flatMap(({ deciders = [] }) => deciders.flatMap(({ decisions }) => decisions.map(({ command }) => command.type))),
  );
  return [...commands].map((type) => {
    const name = type.charAt(0).toLowerCase() + type.slice(1);
    const file = program.sources.find((candidate) => candidate.fileName.endsWith(`/${kebab(type)}.ts`));
    const decision = file?.statements.find(
      (node) =>
        (ts.isFunctionDeclaration(node) && node.name?.text === name) ||
        (ts.isVariableStatement(node) && node.declarationList.declarations.some((declared) => declared.name.getText() === name)),
    );
    if (!decision) throw new Error(`The decision ${name} was not found.`);
    return [type, consequencesOf(program, decision).events];
  });
}

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
