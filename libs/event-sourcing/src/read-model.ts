import { type AccountId, bucketOf, type Id } from '#kernel/ids.js';
import type { AnyEvent, DecidedEvent, EventClass, EventContext, EventOf } from './domain-event.js';
import { encode } from './event-codec.js';
import type { Statement } from './sql.js';

export type ColumnType = 'uuid' | 'text' | 'smallint' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'date' | 'json';
type Cell = string | number | bigint | boolean | object | null | undefined;
export type Row<Columns> = { readonly [Name in keyof Columns]: Cell };

export type RowChange<Columns> =
  | { readonly change: 'insert'; readonly id: Id; readonly row: Row<Columns> }
  | { readonly change: 'update'; readonly id: Id; readonly set: Partial<Row<Columns>> }
  | { readonly change: 'remove'; readonly id: Id };

type Changes<Columns> = RowChange<Columns> | readonly RowChange<Columns>[];

/** Written where a table deliberately takes nothing from an event. */
export const ignored = 'ignored';

type Handlers<E extends AnyEvent, Columns> = {
  readonly [Type in E['type']]: ((event: Extract<E, { type: Type }>, meta: EventContext) => Changes<Columns>) | typeof ignored;
};

/** The columns that show a person, each with what it holds once the person is erased: what a replay makes of it then. */
export interface ShownPerson<Columns = Record<string, ColumnType>> {
  /** The column that says whose person it is: `id` where the row is the account's. */
  readonly account: (keyof Columns & string) | 'id';
  readonly columns: Partial<Row<Columns>>;
}

/** A table that follows from events: which it hears, and what each of them changes. Every event heard must be named. */
export interface ReadModel {
  /** The table with its schema, e.g. `invoicing.invoice_details`. Its key is (bucket, id). */
  readonly table: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly hears: readonly string[];
  /** Keeps the version of the stream that the row describes in a column `version`: the ETag. */
  readonly tracksVersion: boolean;
  /** What it shows of persons. */
  readonly person?: ShownPerson;
  readonly changesOf: (event: AnyEvent, meta: EventContext) => readonly RowChange<Record<string, ColumnType>>[];
}

/**
 * Declares a read model. The handlers are a total table over the events heard: forgetting one does not compile.
 * They return what changes in which row; the statements that write many rows at once are made from that.
 */
export function readModel<const Classes extends readonly EventClass[], const Columns extends Record<string, ColumnType>>(
  hears: Classes,
  declaration: {
    readonly table: string;
    readonly columns: Columns;
    readonly tracksVersion?: boolean;
    readonly person?: ShownPerson<Columns>;
    readonly on: Handlers<EventOf<Classes>, Columns>;
  },
): ReadModel {
  const handlers = declaration.on as Record<string, ((event: AnyEvent, meta: EventContext) => Changes<Columns>) | typeof ignored>;
  return {
    table: declaration.table,
    columns: declaration.columns,
    hears: hears.map((event) => event.type),
    tracksVersion: declaration.tracksVersion ?? false,
    ...(declaration.person && { person: declaration.person as ShownPerson }),
    changesOf: (event, meta) => {
      const handler = handlers[event.type];
      if (handler === undefined || handler === ignored) return [];
      const changes = handler(event, meta) as RowChange<Record<string, ColumnType>> | readonly RowChange<Record<string, ColumnType>>[];
      return 'change' in changes ? [changes] : changes;
    },
  };
}

type Cells = Readonly<Record<string, Cell>>;

/** What handlers return: a new row, new values for some columns of a row, or a row's end. */
export const insert = <const Values extends Cells>(id: Id, row: Values) => ({ change: 'insert', id, row }) as const;
export const update = <const Values extends Cells>(id: Id, set: Values) => ({ change: 'update', id, set }) as const;
export const remove = (id: Id) => ({ change: 'remove', id }) as const;

type LooseRow = Record<string, Cell>;
type Pending =
  | { kind: 'insert'; row: LooseRow; replaces: boolean }
  /** `version` alone: the row may be missing, where a stream has none yet or no more. */
  | { kind: 'update' | 'version'; row: LooseRow }
  | { kind: 'remove' };

/** Takes what is shown of a person out of a table, as a replay without the key would. */
export function erasedRows({ table, columns, person }: ReadModel, accountId: AccountId): Statement[] {
  if (!person) return [];
  const erased = Object.entries(person.columns);
  const assignments = erased.map(([name], index) => `${name} = $${index + 3}::${columns[name]!}`);
  return [
    {
      text: `update ${table} set ${assignments.join(', ')} where bucket = $1::smallint and ${person.account} = $2::uuid`,
      values: [bucketOf(accountId), accountId, ...erased.map(([name, value]) => cell(value, columns[name]!))],
    },
  ];
}

/** The statements that bring a table up to date with the events of one bucket. */
export function statementsFor(model: ReadModel, bucket: number, events: readonly DecidedEvent[]): Statement[] {
  const changes = new RowChanges(model, bucket);
  for (const event of events) changes.hear(event);
  return changes.statements();
}

/** What events of one bucket, in their order, change in a table. Several changes of one row are joined into one. */
export class RowChanges {
  private readonly rows = new Map<Id, Pending>();

  constructor(
    private readonly model: ReadModel,
    private readonly bucket: number,
  ) {}

  get size(): number {
    return this.rows.size;
  }

  hear({ event, meta }: DecidedEvent): void {
    const changes = this.model.changesOf(event, meta);
    for (const change of changes) join(this.rows, this.model, change, meta);
    if (this.model.tracksVersion && changes.length === 0) joinVersion(this.rows, meta);
  }

  /** At most one insert, one delete, and one update for each set of columns, however many events there were. */
  statements(table = this.model.table): Statement[] {
    const { model, bucket, rows } = this;
    return [...removals(bucket, rows, table), ...inserts(model, bucket, rows, table), ...updates(model, bucket, rows, table)];
  }

  /**
   * The rows that a table has afterwards that had none, as a query; its first parameter is the bucket. Throws where one
   * is updated that was never inserted.
   */
  asQuery(): Pick<Statement, 'text' | 'values'> {
    for (const [id, { kind }] of this.rows) {
      if (kind === 'update') throw new Error(`${this.model.table}: the row ${id} is updated, and there is none.`);
    }
    return selectInserted(this.model, this.bucket, insertedIn(this.rows));
  }
}

/** An event that changes nothing moves its stream on all the same, and with it the ETag of the row. */
function joinVersion(rows: Map<Id, Pending>, { streamId, version }: EventContext): void {
  const before = rows.get(streamId);
  if (!before) rows.set(streamId, { kind: 'version', row: { version } });
  else if (before.kind !== 'remove') before.row.version = version;
}

function join(rows: Map<Id, Pending>, model: ReadModel, change: RowChange<Record<string, ColumnType>>, meta: EventContext): void {
  const before = rows.get(change.id);
  if (change.change === 'remove') {
    if (before?.kind === 'insert' && !before.replaces) rows.delete(change.id);
    else rows.set(change.id, { kind: 'remove' });
    return;
  }
  const cells: LooseRow = { ...(change.change === 'insert' ? change.row : change.set) };
  if (model.tracksVersion && change.id === meta.streamId) cells.version = meta.version;
  if (change.change === 'insert') {
    if (before?.kind === 'insert' || before?.kind === 'update') throw new Error(`${model.table}: the row ${change.id} is inserted twice.`);
    rows.set(change.id, { kind: 'insert', row: cells, replaces: before?.kind === 'remove' });
  } else if (before?.kind === 'remove') {
    throw new Error(`${model.table}: the row ${change.id} is updated after its removal.`);
  } else if (before) {
    Object.assign(before.row, cells);
    if (before.kind === 'version') before.kind = 'update';
  } else {
    rows.set(change.id, { kind: 'update', row: cells });
  }
}

function inserts(model: ReadModel, bucket: number, rows: Map<Id, Pending>, table: string): Statement[] {
  const added = insertedIn(rows);
  if (added.length === 0) return [];
  const { text, values } = selectInserted(model, bucket, added);
  return [{ text: `insert into ${table} (${columnNames(model).join(', ')}) ${text}`, values, expectedRows: added.length }];
}

interface Inserted {
  readonly id: Id;
  readonly row: LooseRow;
}

function insertedIn(rows: ReadonlyMap<Id, Pending>): Inserted[] {
  const inserted: Inserted[] = [];
  for (const [id, pending] of rows) if (pending.kind === 'insert') inserted.push({ id, row: pending.row });
  return inserted;
}

function selectInserted(model: ReadModel, bucket: number, inserted: readonly Inserted[]): Pick<Statement, 'text' | 'values'> {
  const columns = ownColumns(model);
  const arrays = columns.map(([, type], index) => `$${index + 3}::${type}[]`);
  const cells = columns.map(([name, type]) => inserted.map(({ row }) => cell(row[name], type)));
  return {
    text: `select $1::smallint as bucket, * from unnest($2::uuid[], ${arrays.join(', ')}) as u(${columnNames(model).slice(1).join(', ')})`,
    values: [bucket, inserted.map(({ id }) => id), ...cells],
  };
}

function updates(model: ReadModel, bucket: number, rows: Map<Id, Pending>, table: string): Statement[] {
  const types = new Map(ownColumns(model));
  const groups = new Map<string, { names: string[]; mayBeMissing: boolean; changed: { id: Id; row: LooseRow }[] }>();
  for (const [id, pending] of rows) {
    if (pending.kind !== 'update' && pending.kind !== 'version') continue;
    const names = Object.keys(pending.row).sort();
    if (names.length === 0) continue;
    const key = `${pending.kind}:${names.join()}`;
    const group = groups.get(key) ?? { names, mayBeMissing: pending.kind === 'version', changed: [] };
    groups.set(key, group);
    group.changed.push({ id, row: pending.row });
  }
  return [...groups.values()].map(({ names, mayBeMissing, changed }) => {
    const typeOf = (name: string): ColumnType => {
      const type = types.get(name);
      if (!type) throw new Error(`${model.table} has no column ${name}.`);
      return type;
    };
    const text =
      `update ${table} as t set ${names.map((name) => `${name} = u.${name}`).join(', ')} ` +
      `from unnest($2::uuid[], ${names.map((name, index) => `$${index + 3}::${typeOf(name)}[]`).join(', ')}) as u(id, ${names.join(', ')}) ` +
      `where t.bucket = $1::smallint and t.id = u.id`;
    const values = [bucket, changed.map(({ id }) => id), ...names.map((name) => changed.map(({ row }) => cell(row[name], typeOf(name))))];
    return { text, values, expectedRows: mayBeMissing ? undefined : changed.length };
  });
}

function removals(bucket: number, rows: Map<Id, Pending>, table: string): Statement[] {
  const gone = [...rows].flatMap(([id, pending]) =>
    pending.kind === 'remove' || (pending.kind === 'insert' && pending.replaces) ? [id] : [],
  );
  if (gone.length === 0) return [];
  return [{ text: `delete from ${table} where bucket = $1::smallint and id = any($2::uuid[])`, values: [bucket, gone] }];
}

/** What a replay accounts for, in the order of `asQuery`: a table may have other columns, which are not the model's. */
export function columnNames(model: ReadModel): string[] {
  return ['bucket', 'id', ...ownColumns(model).map(([name]) => name)];
}

function ownColumns(model: ReadModel): [string, ColumnType][] {
  const columns = Object.entries(model.columns);
  return model.tracksVersion ? [...columns, ['version', 'bigint']] : columns;
}

function cell(value: Cell, type: ColumnType): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'json') return encode(value as object);
  return typeof value === 'bigint' ? value.toString() : value;
}
