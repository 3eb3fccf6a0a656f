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

const finders = new Map<string, FaultFinder>();

/**
 * The rule of a field. A field has one, and so a mistake is named once; what may be left out says so with `Optional` or
 * `Nullable` beside it.
 */
export function fieldRule(find: FaultFinder): PropertyDecorator {
  const name = `field rule ${finders.size}`;
  finders.set(name, find);
  return ValidateBy({ name, validator: { validate: (value) => find(value).length === 0, defaultMessage: () => name } });
}

/** A rule with one code and one sentence, whatever the mistake. */
export function simpleRule(code: FieldCode, detail: string, isRight: (value: unknown) => boolean): PropertyDecorator {
  return fieldRule((value) => (isRight(value) ? [] : [{ code, detail }]));
}

/** What the rule of that name has against the value; undefined where it is no rule of ours. */
export function faultsOf(ruleName: string, value: unknown): readonly Fault[] | undefined {
  return finders.get(ruleName)?.(value);
}

/** May be left out, and is no null. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** May be left out, or null, which empties it. The schema says `nullable`. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined && value !== null);
}
