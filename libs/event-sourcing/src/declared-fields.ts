import type { Currency } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';

/**
 * What is said of the fields of stored data, since JSON cannot: where its amounts of money are. A path is written as one would
 * read it: `lines[].taxes[].amount`, and `*` for every name of a map.
 */
export interface FieldList {
  readonly money?: readonly string[];
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

/** Anything where the list is exactly what the type has, else a type that names what is missing or too much. */
export type Fitting<T, F extends FieldList> = [Exclude<MoneyPath<T>, Listed<F>>] extends [never]
  ? [Exclude<Listed<F>, MoneyPath<T>>] extends [never]
    ? unknown
    : { readonly 'declared as money, and is none': Exclude<Listed<F>, MoneyPath<T>> }
  : { readonly 'money that is not declared': Exclude<MoneyPath<T>, Listed<F>> };

/** Data in which there is no money at all. */
export type Moneyless<T> = Fitting<T, object>;

/** The declared fields of stored data. Where they are is worked out once, so that reading goes only where something is. */
export class DeclaredFields<T = unknown> {
  private readonly root: Place | null;

  constructor(readonly list: FieldList) {
    this.root = list.money?.length ? placeOf(list.money) : null;
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
