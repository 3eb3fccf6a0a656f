import type { Id } from '#kernel/ids.js';
import type { AnyEvent, EventClass, EventContext, EventOf } from './domain-event.js';

/** What the driver reads from a column of a type. */
interface Read {
  uuid: Id;
  text: string;
  smallint: number;
  integer: number;
  bigint: string;
  boolean: boolean;
  timestamptz: Date;
  date: string;
  json: unknown;
}
export type Type = keyof Read;

/** With a question mark a column may be null, and is where an insert leaves it out. */
export type ColumnType = Type | `${Type}?`;
export type Columns = Readonly<Record<string, ColumnType>>;

type Nullable<C> = { [Name in keyof C]: C[Name] extends `${Type}?` ? Name : never }[keyof C];
type Counting<C> = { [Name in keyof C]: C[Name] extends `${'smallint' | 'integer' | 'bigint'}${'' | '?'}` ? Name : never }[keyof C];

export type Cell = string | number | bigint | boolean | object | null | undefined;
export type Row<C> = { readonly [Name in Exclude<keyof C, Nullable<C>>]: Cell } & { readonly [Name in Nullable<C>]?: Cell };

export type RowChange<C> =
  | { readonly change: 'insert'; readonly id: Id; readonly row: Row<C> }
  | { readonly change: 'update'; readonly id: Id; readonly set: Partial<Row<C>> }
  | { readonly change: 'increment'; readonly id: Id; readonly by: { readonly [Name in Counting<C>]?: number | bigint } }
  | { readonly change: 'remove'; readonly id: Id };

/**
 * A row as it is read: `RowOf<typeof invoiceDetails, { id: InvoiceId; currency: Currency }>`. What is narrower than the
 * column's type is named; whether it may be null is known from the declaration alone.
 */
export type RowOf<Model extends ReadModel, Narrowed = unknown> = Narrow<'id', Id, Narrowed> &
  (Model['tracksVersion'] extends true ? { version: string } : unknown) & {
    [Name in keyof Model['columns'] & string]: Model['columns'][Name] extends `${infer T extends Type}?`
      ? Narrow<Name, Read[T], Narrowed>[Name] | null
      : Narrow<Name, Read[Model['columns'][Name] & Type], Narrowed>[Name];
  };

type Narrow<Name extends string, Otherwise, Narrowed> = { [N in Name]: N extends keyof Narrowed ? Narrowed[N] : Otherwise };

type Changes<C> = RowChange<C> | readonly RowChange<C>[];
/** Of some table, whichever it is. */
export type AnyChange = RowChange<Columns>;

/** Written where a table deliberately takes nothing from an event. */
export const ignored = 'ignored';

type Handlers<E extends AnyEvent, C> = {
  readonly [Type in E['type']]: ((event: Extract<E, { type: Type }>, meta: EventContext) => Changes<C>) | typeof ignored;
};

/** The columns that show a person, each with what it holds once the person is erased: what a replay makes of it then. */
export interface ShownPerson<C = Columns> {
  /** The column that says whose person it is: `id` where the row is the account's. */
  readonly account: (keyof C & string) | 'id';
  readonly columns: Partial<Row<C>>;
}

/** A table that follows from events: which it hears, and what each of them changes. Every event heard must be named. */
export interface ReadModel<C extends Columns = Columns, Tracks extends boolean = boolean> {
  /** The table with its schema, e.g. `invoicing.invoice_details`. Its key is (bucket, id). */
  readonly table: string;
  readonly columns: C;
  readonly hears: readonly string[];
  /** Keeps the version of the stream that the row describes in a column `version`: the ETag. */
  readonly tracksVersion: Tracks;
  /** What it shows of persons. */
  readonly person?: ShownPerson;
  readonly changesOf: (event: AnyEvent, meta: EventContext) => readonly AnyChange[];
}

/**
 * Declares a read model. The handlers are a total table over the events heard: forgetting one does not compile.
 * They return what changes in which row; the statements that write many rows at once are made from that.
 */
export function readModel<
  const Classes extends readonly EventClass[],
  const C extends Record<string, ColumnType>,
  const Tracks extends boolean = false,
>(
  hears: Classes,
  declaration: {
    readonly table: string;
    readonly columns: C;
    readonly tracksVersion?: Tracks;
    readonly person?: ShownPerson<C>;
    readonly on: Handlers<EventOf<Classes>, C>;
  },
): ReadModel<C, Tracks> {
  const handlers = declaration.on as Record<string, ((event: AnyEvent, meta: EventContext) => Changes<Columns>) | typeof ignored>;
  return {
    table: declaration.table,
    columns: declaration.columns,
    hears: hears.map((event) => event.type),
    tracksVersion: (declaration.tracksVersion ?? false) as Tracks,
    ...(declaration.person && { person: declaration.person as ShownPerson }),
    changesOf: (event, meta) => {
      const handler = handlers[event.type];
      if (handler === undefined || handler === ignored) return [];
      const changes = handler(event, meta);
      return 'change' in changes ? [changes] : changes;
    },
  };
}

type Cells = Readonly<Record<string, Cell>>;

/** What handlers return: a new row, new values for some columns of a row, numbers to add to some (null counts as 0), or a row's end. */
export const insert = <const Values extends Cells>(id: Id, row: Values) => ({ change: 'insert', id, row }) as const;
export const update = <const Values extends Cells>(id: Id, set: Values) => ({ change: 'update', id, set }) as const;
export const increment = <const Numbers extends Readonly<Record<string, number | bigint>>>(id: Id, by: Numbers) =>
  ({ change: 'increment', id, by }) as const;
export const remove = (id: Id) => ({ change: 'remove', id }) as const;
