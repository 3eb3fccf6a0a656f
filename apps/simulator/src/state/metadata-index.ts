import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DocumentTable } from './database.js';

/** Finds documents by one of their metadata entries without reading them all. */
export class MetadataIndex {
  private readonly insertion: StatementSync;
  private readonly deletion: StatementSync;
  private readonly selections = new Map<DocumentTable, StatementSync>();

  constructor(private readonly database: DatabaseSync) {
    this.insertion = database.prepare('INSERT OR IGNORE INTO metadata (entry_of, key, value, seq) VALUES (?, ?, ?, ?)');
    this.deletion = database.prepare('DELETE FROM metadata WHERE entry_of = ? AND key = ? AND value = ? AND seq = ?');
  }

  add(table: DocumentTable, seq: number, metadata: Record<string, string>): void {
    for (const [key, value] of Object.entries(metadata)) this.insertion.run(table, key, value, seq);
  }

  replace(table: DocumentTable, id: string, before: Record<string, string>, after: Record<string, string>): void {
    const seq = Number(this.database.prepare(`SELECT seq FROM ${table} WHERE id = ?`).get(id)?.seq);
    for (const [key, value] of Object.entries(before)) this.deletion.run(table, key, value, seq);
    this.add(table, seq, after);
  }

  /** Ids of the documents that carry this entry, newest first. */
  find(table: DocumentTable, key: string, value: string): string[] {
    return this.selection(table)
      .all(table, key, value)
      .map((row) => String(row.id));
  }

  private selection(table: DocumentTable): StatementSync {
    const known = this.selections.get(table);
    if (known !== undefined) return known;
    const statement = this.database.prepare(
      `SELECT d.id FROM metadata m JOIN ${table} d ON d.seq = m.seq WHERE m.entry_of = ? AND m.key = ? AND m.value = ? ORDER BY m.seq DESC`,
    );
    this.selections.set(table, statement);
    return statement;
  }
}
