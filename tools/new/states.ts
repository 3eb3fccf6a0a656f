import { join } from 'node:path';
import ts from 'typescript';
import type { Project } from './project.js';

/** The states of an aggregate by the values of their `status`, and which of them hold what an event has to name. */
export interface States {
  readonly initial: string;
  readonly holding: readonly string[];
  readonly lacking: readonly string[];
}

/** Read from the type of `initialState`, as the compiler understands it. */
export function statesIn(project: Project, path: string, wanted: readonly string[]): States {
  project.read(path, 'the aggregate has no state');
  const file = join(project.root, path);
  const { module, moduleResolution } = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram([file], { module, moduleResolution, strict: true, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const declared = program
    .getSourceFile(file)!
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((declaration) => declaration.name.getText() === 'initialState');
  const state = declared?.type && checker.getTypeFromTypeNode(declared.type);
  const initial = declared?.initializer && /status: '([^']+)'/.exec(declared.initializer.getText())?.[1];
  if (!state || !initial) throw new Error(`${path} has no states that are told apart by a status: write the command by hand.`);
  const members = (state.isUnion() ? state.types : [state]).flatMap((member) => {
    const status = member.getProperty('status');
    const type = status && checker.getTypeOfSymbolAtLocation(status, declared);
    const isHolding = wanted.every((name) => member.getProperty(name));
    const values = type?.isUnion() ? type.types : type ? [type] : [];
    return values.flatMap((value) => (value.isStringLiteral() && value.value !== initial ? [{ status: value.value, isHolding }] : []));
  });
  const named = (isHolding: boolean) => members.filter((member) => member.isHolding === isHolding).map(({ status }) => status);
  if (named(true).length === 0) throw new Error(`No state of ${path} knows ${wanted.join(' and ')}: write the command by hand.`);
  return { initial, holding: named(true), lacking: named(false) };
}
