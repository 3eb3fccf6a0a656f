import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, MODULE_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { getMetadataStorage } from 'class-validator';
import { nestedField, type RequestClass } from '#platform/http/nested-types.js';

/** A field of a request, wherever in it. */
export interface InputField {
  /** The way to it: names, `0` for a list, a currency for a map. */
  readonly path: readonly string[];
  readonly nullable: boolean;
  readonly example: unknown;
  /** What must stand beside a field on the way, so that it is what it is. */
  readonly around: Readonly<Record<string, unknown>>;
}

/** What an operation reads: its body, or the parameters of its address. */
export interface Input {
  readonly method: string;
  readonly path: string;
  readonly place: 'body' | 'query';
  readonly declared: RequestClass;
  readonly fields: readonly InputField[];
}

type Module = Type | { readonly module: Type; readonly imports?: readonly Module[] };

/** Every input of every controller that the modules have, in the order of their addresses. */
export function inputsOf(root: Module): Input[] {
  const inputs = controllersOf(root, new Set()).flatMap(inputsOfController);
  return inputs.sort((a, b) => (`${a.path} ${a.method} ${a.place}` < `${b.path} ${b.method} ${b.place}` ? -1 : 1));
}

function controllersOf(given: Module, seen: Set<Type>): Type[] {
  const declared = 'module' in given ? given.module : given;
  if (seen.has(declared)) return [];
  seen.add(declared);
  const imports: Module[] = [
    ...(Reflect.getMetadata(MODULE_METADATA.IMPORTS, declared) ?? []),
    ...('module' in given ? (given.imports ?? []) : []),
  ];
  return [...(Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, declared) ?? []), ...imports.flatMap((each) => controllersOf(each, seen))];
}

function inputsOfController(controller: Type): Input[] {
  const base: string = Reflect.getMetadata(PATH_METADATA, controller);
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler: object = controller.prototype[name];
    const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
    if (method === undefined) return [];
    const path = `/${[base, Reflect.getMetadata(PATH_METADATA, handler)].filter((part) => part !== '/').join('/')}`;
    const classes: Type[] = Reflect.getMetadata('design:paramtypes', controller.prototype, name) ?? [];
    const parameters: Record<string, { index: number; data?: string }> = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
    return Object.entries(parameters).flatMap(([key, { index, data }]) => {
      const kind = Number(key.split(':')[0]);
      const place = kind === RouteParamtypes.BODY ? 'body' : kind === RouteParamtypes.QUERY ? 'query' : undefined;
      const declared = classes[index];
      if (!place || data !== undefined || !declared || declared === Object) return [];
      return [{ method: RequestMethod[method], path, place, declared, fields: fieldsOf(declared, [], {}) } as const];
    });
  });
}

function fieldsOf(declared: RequestClass, above: readonly string[], around: InputField['around']): InputField[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(declared as Type, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  return names.flatMap((name) => {
    const shown: { nullable?: boolean; example?: unknown; enum?: readonly unknown[] } =
      Reflect.getMetadata('swagger/apiModelProperties', declared.prototype, name) ?? {};
    const path = [...above, name];
    const example = shown.example ?? shown.enum?.[0];
    return [{ path, nullable: shown.nullable === true, example, around }, ...within(declared, path, around)];
  });
}

function within(declared: RequestClass, path: readonly string[], around: InputField['around']): InputField[] {
  const nested = nestedField(declared.prototype, path.at(-1)!);
  if (!nested) return [];
  if (nested.kind === 'object') return fieldsOf(nested.pick({ object: {} }), path, around);
  if (nested.kind === 'list') return fieldsOf(nested.pick({ object: {} }), [...path, '0'], around);
  // What a price costs depends on its model.
  const models = Reflect.getMetadata('swagger/apiModelProperties', declared.prototype, 'model')?.enum ?? [undefined];
  return (models as string[]).flatMap((model) => fieldsOf(nested.pick({ object: { model } }), [...path, 'USD'], { ...around, model }));
}

/** A request with nothing in it but this value in the place of the field. */
export function requestWith({ path, around }: Pick<InputField, 'path' | 'around'>, value: unknown): object {
  const [name, ...rest] = path;
  if (name === undefined) throw new Error('A field has a name.');
  const inner = rest.length === 0 ? value : below(rest, around, value);
  return { ...(rest[0] === 'USD' ? around : {}), ...(inner === undefined ? {} : { [name]: inner }) };
}

function below(path: readonly string[], around: InputField['around'], value: unknown): unknown {
  return path[0] === '0' ? [requestWith({ path: path.slice(1), around }, value)] : requestWith({ path, around }, value);
}
