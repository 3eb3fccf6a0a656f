import { hash } from 'node:crypto';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { faultPoint } from '#kernel/fault-point.js';
import { type ArrayType, binaryArray, isArrayType } from './binary-array.js';

/** A statement as data: read models and stores produce it, the transaction runs it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** How many rows must be touched; anything else means that a row is missing, and the transaction is given up. */
  readonly expectedRows?: number;
}

/** Whatever answers a statement: a connection, or a pool of them. */
export interface Queries {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection, inside a transaction or not. Statements run one after the other. */
export interface Sql extends Queries {
  run(statement: Statement): Promise<void>;
  /** Sends the statements one behind the other, on a pipelining connection without waiting in between, and waits for all of them. */
  runAll(statements: readonly Statement[]): Promise<void>;
}

/** What is known of a statement by its text. */
interface PreparedText {
  /** Statements are prepared once for each connection, under this name. */
  readonly name: string;
  /** Of each parameter that says `$1::uuid[]`: what its elements are. */
  readonly arrays: ReadonlyMap<number, ArrayType>;
}

const preparedTexts = new Map<string, PreparedText>();

function preparedText(text: string): PreparedText {
  let found = preparedTexts.get(text);
  if (!found) {
    const arrays = new Map<number, ArrayType>();
    for (const [, parameter, type] of text.matchAll(/\$(\d+)::(\w+)\[\]/g)) if (isArrayType(type!)) arrays.set(Number(parameter) - 1, type);
    found = { name: hash('sha256', text).slice(0, 32), arrays };
    preparedTexts.set(text, found);
  }
  return found;
}

/** The query for the driver: arrays go in PostgreSQL's binary format, which neither side has to quote or to parse. */
function prepared(text: string, values: readonly unknown[]): { name: string; text: string; values: unknown[] } {
  const { name, arrays } = preparedText(text);
  const encoded = values.map((value, index) => {
    const type = Array.isArray(value) && arrays.get(index);
    return type ? binaryArray(type, value) : value;
  });
  return { name, text, values: encoded };
}

/** A row that must be there is not, or is there twice. */
export class UnexpectedRows extends Error {
  override readonly name = 'UnexpectedRows';
}

export class ConnectionSql implements Sql {
  constructor(private readonly client: PoolClient) {}

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(prepared(text, values))).rows;
  }

  async runAll(statements: readonly Statement[]): Promise<void> {
    if ((this.client as { pipeline?: boolean }).pipeline) await allAnswered(statements.map((statement) => this.run(statement)));
    else for (const statement of statements) await this.run(statement);
  }

  async run(statement: Statement): Promise<void> {
    const result = await this.client.query(prepared(statement.text, statement.values));
    if (statement.expectedRows !== undefined && result.rowCount !== statement.expectedRows) {
      throw new UnexpectedRows(
        `${result.rowCount} rows were touched where ${statement.expectedRows} must be: ${statement.text.slice(0, 120)}`,
      );
    }
  }
}

/** Nothing is left running on the connection when one of them fails: the first failure, in their order, is thrown once all have answered. */
export async function allAnswered(answers: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(answers)).find((answer) => answer.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Connections that are listened to already. */
const heard = new WeakSet<PoolClient>();

/**
 * A server that goes away says so on the connection itself, and an error that nobody hears ends the process. Whoever works
 * with the connection hears of it from the statement that fails.
 */
function hear(client: PoolClient): void {
  if (heard.has(client)) return;
  heard.add(client);
  client.on('error', () => {});
}

/** Opens connections of the application's pool. TypeORM opens and closes the pool; the statements go straight to the driver. */
export class Database implements Queries {
  private readonly pool: Pool;

  constructor(readonly dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
    // TypeORM has opened some of them before.
    if (this.pool.listeners('acquire').includes(hear)) return;
    this.pool.on('connect', hear).on('acquire', hear);
  }

  /** Runs the work in one READ COMMITTED transaction: statements after a lock see what its previous holder committed. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      // Travels with the first statement; where it fails, so does that.
      const begun = client.query('begin');
      begun.catch(() => {});
      const result = await work(new ConnectionSql(client));
      await begun;
      await faultPoint('transactions.before-commit');
      await client.query('commit');
      await faultPoint('transactions.after-commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      // A connection that could not roll back is dropped.
      client.release(broken);
    }
  }

  /** One statement outside any transaction. */
  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.pool.connect();
    try {
      return await new ConnectionSql(client).query<Row>(text, values);
    } finally {
      client.release();
    }
  }
}

/** PostgreSQL's error code and constraint, where an error has them. */
export function postgresError(error: unknown): { code: string; constraint?: string; table?: string } | null {
  const candidate = error as { code?: unknown; severity?: unknown; constraint?: string; table?: string } | null;
  if (!candidate || typeof candidate.code !== 'string' || candidate.severity === undefined) return null;
  return { code: candidate.code, constraint: candidate.constraint, table: candidate.table };
}

/** What is stored is not what the writer took it for: a key is there already, a row is missing, a constraint is broken. */
export function contradictsStored(error: unknown): boolean {
  return error instanceof UnexpectedRows || postgresError(error)?.code.startsWith('23') === true;
}

/** Connection failures, shutdowns, deadlocks, serialization and lock timeouts: the same work may well succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const known = postgresError(error);
  if (known) return /^(08|40|53|57|58)/.test(known.code) || known.code === '55P03';
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|ENOENT)/.test(code)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|connection is closed|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
      error.message,
    )
  );
}
