import { ValidateBy, ValidateIf } from 'class-validator';
import type { FieldCode } from './field-codes.js';

/** What is wrong with a value, in one sentence for people. */
export interface Fault {
  readonly code: FieldCode;
  readonly detail: string;
  /** Which entry of a map or list is wrong, where it is not the whole of it. */
  readonly key?: string;
}

/** Finds what is wrong with a value; nothing, where it is right. */
export type FaultFinder = (value: unknown) => readonly Fault[];

/** What JSON Schema can say of a rule: all that it lets through, and little more. */
export type FieldSchema = Readonly<Record<string, unknown>> & { readonly type?: string };

/** What the documentation reads of a field: see openapi/input.ts. */
export interface FieldContext {
  readonly schema?: FieldSchema;
  /** The class of an object, or of each in a list. */
  readonly of?: () => abstract new () => object;
  readonly optional?: true;
  readonly nullable?: true;
}

const finders = new Map<string, FaultFinder>();

/**
 * The rule of a field. A field has one, and so a mistake is named once; what may be left out says so with `Optional` or
 * `Nullable` beside it. Its schema is what is documented.
 */
export function fieldRule(schema: FieldSchema, find: FaultFinder, of?: FieldContext['of']): PropertyDecorator {
  const name = `field rule ${finders.size}`;
  finders.set(name, find);
  const validator = { validate: (value: unknown) => find(value).length === 0, defaultMessage: () => name };
  const context: FieldContext = { schema, of };
  return ValidateBy({ name, validator }, { context });
}

/** A rule with one code and one sentence, whatever the mistake. */
export function simpleRule(schema: FieldSchema, code: FieldCode, detail: string, isRight: (value: unknown) => boolean): PropertyDecorator {
  return fieldRule(schema, (value) => (isRight(value) ? [] : [{ code, detail }]));
}

/** The rule of that name; undefined where it is no rule of ours. */
export function finderOf(ruleName: string): FaultFinder | undefined {
  return finders.get(ruleName);
}

/** May be left out, and is no null. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined, { context: { optional: true } satisfies FieldContext });
}

/** May be left out, or null, which empties it. The schema says so. */
export function Nullable(): PropertyDecorator {
  const context: FieldContext = { optional: true, nullable: true };
  return ValidateIf((_object, value) => value !== undefined && value !== null, { context });
}
