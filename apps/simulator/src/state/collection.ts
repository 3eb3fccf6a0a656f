import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { DocumentTable } from './database.js';

/** The columns by which a document can be found, beside its id and its time of creation. */
export interface Keys {
  /** The customer it belongs to. */
  owner?: string | null;
  /** The object it came from: a charge's intent, a refund's charge, a balance transaction's source. */
  parent?: string | null;
  type?: string | null;
  /** Set when lists leave the document out (a deleted customer, a method of nobody); the value says why. */
  hidden?: string | null;
}

export interface Document {
  id: string;
  created: number;
}

export interface Filter {
  owner?: string;
  parent?: string;
  /** Exact types, or with a trailing `*` all types that begin so. */
  types?: string[];
  created?: { gt?: number; gte?: number; lt?: number; lte?: number };
}

export interface Window {
  limit: number;
  /** Newest first below this document; the usual direction of Stripe's pages. */
  startingAfter?: string;
  /** The documents just above this one, still newest first. */
  endingBefore?: string;
}

/** Documents of one kind, in the order in which they were made. */
export class Collection<T extends Document> {
  private readonly insertion: StatementSync;
  private readonly replacement: StatementSync;
  private readonly selection: StatementSync;
  private readonly selections = new Map<string, StatementSync>();

  constructor(
    private readonly database: DatabaseSync,
    readonly table: DocumentTable,
    private readonly keysOf: (document: T) => Keys,
  ) {
    this.insertion = database.prepare(`INSERT INTO ${table} (id, created, owner, parent, type, hidden, body) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.replacement = database.prepare(`UPDATE ${table} SET owner = ?, parent = ?, type = ?, hidden = ?, body = ? WHERE id = ?`);
    this.selection = database.prepare(`SELECT body FROM ${table} WHERE id = ?`);
  }

  /** @returns the position of the document among its kind. */
  add(document: T, keys: Keys = this.keysOf(document)): number {
    const { owner = null, parent = null, type = null, hidden = null } = keys;
    const { lastInsertRowid } = this.insertion.run(document.id, document.created, owner, parent, type, hidden, JSON.stringify(document));
    return Number(lastInsertRowid);
  }

  replace(document: T, keys: Keys = this.keysOf(document)): T {
    const { owner = null, parent = null, type = null, hidden = null } = keys;
    this.replacement.run(owner, parent, type, hidden, JSON.stringify(document), document.id);
    return document;
  }

  find(id: string): T | undefined {
    const row = this.selection.get(id);
    return row === undefined ? undefined : this.parse(row.body);
  }

  /** Why lists leave this document out, or `null` when they show it. */
  hiddenBecause(id: string): string | null {
    const hidden = this.prepared(`SELECT hidden FROM ${this.table} WHERE id = ?`).get(id)?.hidden;
    return typeof hidden === 'string' ? hidden : null;
  }

  isHidden(id: string): boolean {
    return this.hiddenBecause(id) !== null;
  }

  list(filter: Filter, window: Window): { data: T[]; hasMore: boolean } {
    const upwards = window.endingBefore !== undefined;
    const { where, values } = this.conditions(filter);
    if (window.startingAfter !== undefined) {
      where.push(`seq < (SELECT seq FROM ${this.table} WHERE id = ?)`);
      values.push(window.startingAfter);
    }
    if (window.endingBefore !== undefined) {
      where.push(`seq > (SELECT seq FROM ${this.table} WHERE id = ?)`);
      values.push(window.endingBefore);
    }
    const rows = this.prepared(
      `SELECT body FROM ${this.table} WHERE ${where.join(' AND ')} ORDER BY seq ${upwards ? 'ASC' : 'DESC'} LIMIT ?`,
    ).all(...values, window.limit + 1);
    const page = rows.slice(0, window.limit).map((row) => this.parse(row.body));
    return { data: upwards ? page.reverse() : page, hasMore: rows.length > window.limit };
  }

  /** All documents, oldest first, without loading them at once. */
  *all(): Generator<T> {
    for (const row of this.prepared(`SELECT body FROM ${this.table} WHERE hidden IS NULL ORDER BY seq`).iterate())
      yield this.parse(row.body);
  }

  count(): number {
    return Number(this.prepared(`SELECT count(*) AS n FROM ${this.table}`).get()?.n ?? 0);
  }

  private conditions(filter: Filter): { where: string[]; values: SQLInputValue[] } {
    const where = ['hidden IS NULL'];
    const values: SQLInputValue[] = [];
    const add = (condition: string, ...added: SQLInputValue[]) => {
      where.push(condition);
      values.push(...added);
    };
    if (filter.owner !== undefined) add('owner = ?', filter.owner);
    if (filter.parent !== undefined) add('parent = ?', filter.parent);
    if (filter.types !== undefined && filter.types.length > 0) {
      add(`(${filter.types.map(() => 'type GLOB ?').join(' OR ')})`, ...filter.types);
    }
    const { gt, gte, lt, lte } = filter.created ?? {};
    if (gt !== undefined) add('created > ?', gt);
    if (gte !== undefined) add('created >= ?', gte);
    if (lt !== undefined) add('created < ?', lt);
    if (lte !== undefined) add('created <= ?', lte);
    return { where, values };
  }

  private prepared(sql: string): StatementSync {
    const known = this.selections.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.selections.set(sql, statement);
    return statement;
  }

  private parse(body: unknown): T {
    return JSON.parse(String(body)) as T;
  }
}
