import { getMetadataStorage } from 'class-validator';
import { type FaultFinder, finderOf } from './field-rule.js';

type Condition = (object: object, value: unknown) => boolean;

interface Field {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly rules: readonly FaultFinder[];
  readonly holdsObjects: boolean;
}

/** The fields of a class; null where it has a rule that is not ours, of which nothing is known here. */
const known = new Map<unknown, ReadonlyMap<string, Field> | null>();

/**
 * Whether an instance keeps every rule that its class declares. It reads the same declarations as the validator, which takes ten
 * times as long since it gathers what is wrong: so it is asked only about what is not sound, and says all that is said.
 */
export function isSound(instance: object): boolean {
  const fields = fieldsOf(instance.constructor);
  if (!fields) return false;
  for (const name of Object.keys(instance)) if (!fields.has(name)) return false;
  for (const field of fields.values()) if (!keeps(field, instance)) return false;
  return true;
}

function keeps({ name, conditions, rules, holdsObjects }: Field, instance: object): boolean {
  const value: unknown = (instance as Readonly<Record<string, unknown>>)[name];
  if (!conditions.every((condition) => condition(instance, value))) return true;
  return rules.every((find) => find(value).length === 0) && (!holdsObjects || areSound(value));
}

function areSound(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  const objects: readonly unknown[] = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : [value];
  return objects.every((each) => typeof each === 'object' && each !== null && isSound(each));
}

function fieldsOf(declared: unknown): ReadonlyMap<string, Field> | null {
  let fields = known.get(declared);
  if (fields === undefined) {
    fields = declaredFields(declared as () => void);
    known.set(declared, fields);
  }
  return fields;
}

function declaredFields(declared: () => void): ReadonlyMap<string, Field> | null {
  const fields = new Map<string, { name: string; conditions: Condition[]; rules: FaultFinder[]; holdsObjects: boolean }>();
  for (const { propertyName: name, type, name: rule, constraints } of getMetadataStorage().getTargetValidationMetadatas(
    declared,
    '',
    false,
    false,
  )) {
    const field = fields.get(name) ?? { name, conditions: [], rules: [], holdsObjects: false };
    fields.set(name, field);
    const find = rule === undefined ? undefined : finderOf(rule);
    if (find) field.rules.push(find);
    else if (type === 'conditionalValidation') field.conditions.push(constraints[0] as Condition);
    else if (type === 'nestedValidation') field.holdsObjects = true;
    else return null;
  }
  return fields;
}
