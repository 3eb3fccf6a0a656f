import { type AccountId, bucketOf, type Id } from '#kernel/ids.js';
import type { DecidedEvent, EventContext } from './domain-event.js';
import { encode } from './event-codec.js';
import type { AnyChange, Cell, ReadModel, Type } from './read-model.js';
import type { Statement } from './sql.js';

type LooseRow = Record<string, Cell>;
type Numbers = Record<string, number | bigint>;
type Pending =
  | { kind: 'insert'; row: LooseRow; replaces: boolean }
  /** `version` alone: the row may be missing, where a stream has none yet or no more. `by` is added to what is stored. */
  | { kind: 'update' | 'version'; row: LooseRow; by: Numbers }
  | { kind: 'remove' };

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
  if (!before) rows.set(streamId, { kind: 'version', row: { version }, by: {} });
  else if (before.kind !== 'remove') before.row.version = version;
}

function join(rows: Map<Id, Pending>, model: ReadModel, change: AnyChange, meta: EventContext): void {
  const before = rows.get(change.id);
  if (change.change === 'remove') {
    if (before?.kind === 'insert' && !before.replaces) rows.delete(change.id);
    else rows.set(change.id, { kind: 'remove' });
    return;
  }
  const cells: LooseRow = { ...(change.change === 'insert' ? change.row : change.change === 'update' ? change.set : {}) };
  if (model.tracksVersion && change.id === meta.streamId) cells.version = meta.version;
  if (change.change === 'insert') {
    if (before?.kind === 'insert' || before?.kind === 'update') throw new Error(`${model.table}: the row ${change.id} is inserted twice.`);
    rows.set(change.id, { kind: 'insert', row: cells, replaces: before?.kind === 'remove' });
  } else if (before?.kind === 'remove') {
    throw new Error(`${model.table}: the row ${change.id} is updated after its removal.`);
  } else {
    const pending = before ?? { kind: 'update', row: {}, by: {} };
    if (!before) rows.set(change.id, pending);
    if (pending.kind === 'version') pending.kind = 'update';
    Object.assign(pending.row, cells);
    // A value that is set makes what was to be added before it void.
    if (pending.kind !== 'insert') for (const name of Object.keys(cells)) delete pending.by[name];
    if (change.change === 'increment') for (const [name, by] of Object.entries(change.by as Numbers)) add(pending, name, by);
  }
}

/** To the value that is known, else to the one that is stored. */
function add(pending: Exclude<Pending, { kind: 'remove' }>, name: string, by: number | bigint): void {
  const known = pending.kind === 'insert' || name in pending.row;
  const numbers = (known ? pending.row : pending.by) as Numbers;
  const before = numbers[name] ?? (typeof by === 'bigint' ? 0n : 0);
  numbers[name] = typeof by === 'bigint' ? BigInt(before) + by : Number(before) + by;
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
  const declared = new Map(columns);
  for (const { row } of inserted) for (const name in row) typeIn(model, declared, name);
  const arrays = columns.map(([, type], index) => `$${index + 3}::${type}[]`);
  const cells = columns.map(([name, type]) => inserted.map(({ row }) => cell(row[name], type)));
  return {
    text: `select $1::smallint as bucket, * from unnest($2::uuid[], ${arrays.join(', ')}) as u(${columnNames(model).slice(1).join(', ')})`,
    values: [bucket, inserted.map(({ id }) => id), ...cells],
  };
}

function updates(model: ReadModel, bucket: number, rows: Map<Id, Pending>, table: string): Statement[] {
  const types = new Map(ownColumns(model));
  const groups = new Map<string, { set: string[]; added: string[]; mayBeMissing: boolean; changed: { id: Id; row: LooseRow }[] }>();
  for (const [id, pending] of rows) {
    if (pending.kind !== 'update' && pending.kind !== 'version') continue;
    const [set, added] = [Object.keys(pending.row).sort(), Object.keys(pending.by).sort()];
    if (set.length + added.length === 0) continue;
    const key = `${pending.kind}:${set.join()}:${added.join()}`;
    const group = groups.get(key) ?? { set, added, mayBeMissing: pending.kind === 'version', changed: [] };
    groups.set(key, group);
    group.changed.push({ id, row: added.length === 0 ? pending.row : { ...pending.row, ...pending.by } });
  }
  return [...groups.values()].map(({ set, added, mayBeMissing, changed }) => {
    const typeOf = (name: string): Type => typeIn(model, types, name);
    const names = [...set, ...added];
    const assigned = [...set.map((name) => `${name} = u.${name}`), ...added.map((name) => `${name} = coalesce(t.${name}, 0) + u.${name}`)];
    const text =
      `update ${table} as t set ${assigned.join(', ')} ` +
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

/** Takes what is shown of a person out of a table, as a replay without the key would: nothing comes where nothing was. */
export function erasedRows(model: ReadModel, accountId: AccountId): Statement[] {
  const { table, person } = model;
  if (!person) return [];
  const types = new Map(ownColumns(model));
  const erased = Object.entries(person.columns).map(([name, value]) => ({ name, value, type: typeIn(model, types, name) }));
  const assignments = erased.map(({ name, type }, index) => `${name} = case when ${name} is not null then $${index + 3}::${type} end`);
  return [
    {
      text: `update ${table} set ${assignments.join(', ')} where bucket = $1::smallint and ${person.account} = $2::uuid`,
      values: [bucketOf(accountId), accountId, ...erased.map(({ value, type }) => cell(value, type))],
    },
  ];
}

/** What a replay accounts for, in the order of `asQuery`: a table may have other columns, which are not the model's. */
export function columnNames(model: ReadModel): string[] {
  return ['bucket', 'id', ...ownColumns(model).map(([name]) => name)];
}

function ownColumns(model: ReadModel): [string, Type][] {
  const columns = Object.entries(model.columns).map(([name, type]): [string, Type] => [name, type.replace('?', '') as Type]);
  return model.tracksVersion ? [...columns, ['version', 'bigint']] : columns;
}

function typeIn(model: ReadModel, types: ReadonlyMap<string, Type>, name: string): Type {
  const type = types.get(name);
  if (!type) throw new Error(`${model.table} has no column ${name}.`);
  return type;
}

function cell(value: Cell, type: Type): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'json') return encode(value as object);
  return typeof value === 'bigint' ? value.toString() : value;
}
