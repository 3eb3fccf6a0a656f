import type { Currency } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';

/** What a text reads as, once the key that it was stored under is erased. */
export const ERASED = '[erased]';

/**
 * What a key of an account is for. `person` goes when the person is erased; `record` is what the law makes an invoice keep, and
 * goes at a date of its own.
 */
export type KeyPurpose = 'person' | 'record';

/**
 * What is said of the fields of stored data, since JSON cannot: where its amounts of money are, and what names a person. A path
 * is written as one would read it: `lines[].taxes[].amount`, and `*` for every name of a map.
 */
export interface FieldList {
  readonly money?: readonly string[];
  /** What goes with the person, each field with what it reads as afterwards. Fields of lists cannot be told apart: name the list. */
  readonly person?: Readonly<Record<string, unknown>>;
  /** The same for what an invoice must keep. */
  readonly record?: Readonly<Record<string, unknown>>;
}

type Leaf = string | number | boolean | bigint | null | undefined;
type Joined<At extends string, Name extends string> = At extends '' ? Name : `${At}.${Name}`;

/** The path of every `Money` in a type. */
export type MoneyPath<T, At extends string = ''> = T extends Leaf
  ? never
  : T extends Money
    ? At
    : T extends readonly (infer Item)[]
      ? MoneyPath<Item, `${At}[]`>
      : string extends keyof T
        ? MoneyPath<T[string & keyof T], Joined<At, '*'>>
        : { [Name in keyof T & string]-?: MoneyPath<T[Name], Joined<At, Name>> }[keyof T & string];

type Listed<F extends FieldList> = F['money'] extends readonly string[] ? F['money'][number] : never;

/** Anything where the list is what the type has, else a type that names what is missing or too much. */
export type Fitting<T, F extends FieldList> = FittingMoney<T, F> & FittingPersonal<T, F['person']> & FittingPersonal<T, F['record']>;

type FittingMoney<T, F extends FieldList> = [Exclude<MoneyPath<T>, Listed<F>>] extends [never]
  ? [Exclude<Listed<F>, MoneyPath<T>>] extends [never]
    ? unknown
    : { readonly 'declared as money, and is none': Exclude<Listed<F>, MoneyPath<T>> }
  : { readonly 'money that is not declared': Exclude<MoneyPath<T>, Listed<F>> };

/** What is at a path of a type: never where there is no such field. */
type At<T, Path extends string> = T extends null | undefined
  ? never
  : Path extends `${infer Name}.${infer Rest}`
    ? At<Field<T, Name>, Rest>
    : Field<T, Path>;
type Field<T, Name extends string> = Name extends keyof T ? T[Name] : never;

type FittingPersonal<T, Listed> = [Misfit<T, Listed>] extends [never]
  ? unknown
  : { readonly 'declared as personal, and has no such field or value': Misfit<T, Listed> };
type Misfit<T, Listed> = { [Path in keyof Listed & string]: Listed[Path] extends At<T, Path> ? never : Path }[keyof Listed & string];

/** Data in which there is no money at all. */
export type Moneyless<T> = Fitting<T, object>;

/** The declared fields of stored data. Where they are is worked out once, so that reading goes only where something is. */
export class DeclaredFields<T = unknown> {
  private readonly root: Place | null;
  readonly personal: readonly PersonalField[];

  constructor({ money, person = {}, record = {} }: FieldList) {
    this.root = money?.length ? placeOf(money) : null;
    this.personal = [...personalFields('person', person), ...personalFields('record', record)];
  }

  /** Makes of parsed JSON what was stored; takes the value that it is given, and changes it. */
  revive(value: unknown): T {
    return (this.root === null ? value : revived(this.root, value)) as T;
  }
}

/** `fieldsOf<readonly InvoiceLine[]>()({ money: ['[].amount'] })`: a path forgotten or too much does not compile. */
export function fieldsOf<T>() {
  return <const F extends FieldList>(list: F & Fitting<T, F>): DeclaredFields<T> => new DeclaredFields<T>(list);
}

export interface PersonalField {
  readonly purpose: KeyPurpose;
  readonly path: string;
  readonly names: readonly string[];
  /** What it reads as without its key. */
  readonly erased: unknown;
}

function personalFields(purpose: KeyPurpose, listed: Readonly<Record<string, unknown>>): PersonalField[] {
  return Object.entries(listed).map(([path, erased]) => ({ purpose, path, names: path.split('.'), erased }));
}

/** The data with other values in its personal fields; what is absent or null stays so. The data itself is not changed. */
export function withPersonal(
  data: object,
  fields: readonly PersonalField[],
  replacement: (value: unknown, field: PersonalField) => unknown,
): object {
  const copy: Record<string, unknown> = { ...data };
  for (const field of fields) {
    let holder = copy;
    for (const name of field.names.slice(0, -1)) {
      const inner = holder[name];
      if (typeof inner !== 'object' || inner === null) break;
      holder[name] = { ...inner };
      holder = holder[name] as Record<string, unknown>;
    }
    const last = field.names.at(-1)!;
    const value = holder[last];
    if (value !== null && value !== undefined) holder[last] = replacement(value, field);
  }
  return copy;
}

interface Place {
  /** An amount is here; then there is nothing further down. */
  isMoney: boolean;
  readonly named: [name: string, place: Place][];
  /** In every item of a list. */
  items: Place | null;
  /** Under every name of a map. */
  values: Place | null;
}

const nowhere = (): Place => ({ isMoney: false, named: [], items: null, values: null });

function placeOf(paths: readonly string[]): Place {
  const root = nowhere();
  for (const path of paths) {
    let place = root;
    for (const step of path.match(/\[\]|[^.[\]]+/g) ?? []) place = stepInto(place, step);
    place.isMoney = true;
  }
  return root;
}

function stepInto(place: Place, step: string): Place {
  if (step === '[]') {
    place.items ??= nowhere();
    return place.items;
  }
  if (step === '*') {
    place.values ??= nowhere();
    return place.values;
  }
  const known = place.named.find(([name]) => name === step);
  if (known) return known[1];
  const next = nowhere();
  place.named.push([step, next]);
  return next;
}

function revived(place: Place, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (place.isMoney) return Money.fromJSON(value as { amount: string; currency: Currency });
  if (place.items !== null) {
    const list = value as unknown[];
    for (let index = 0; index < list.length; index += 1) list[index] = revived(place.items, list[index]);
    return list;
  }
  const record = value as Record<string, unknown>;
  for (const [name, inner] of place.named) {
    const found = record[name];
    if (found !== null && found !== undefined) record[name] = revived(inner, found);
  }
  if (place.values !== null) for (const name in record) record[name] = revived(place.values, record[name]);
  return record;
}
