import { DataSource } from 'typeorm';
import type { AnyCommand, CommandMeta } from '#event-sourcing/command.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { type ReadModel, statementsFor } from '#event-sourcing/read-model.js';
import { Database } from '#event-sourcing/sql.js';
import { asked, SetClock } from '#event-sourcing/testing/engine.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { type AccountId, bucketOf, newId } from '#kernel/ids.js';
import { createAda } from '../account/account.examples.js';
import { CreateAccount } from '../account/create-account.js';
import { accountsContext } from '../accounts.context.js';
import { AccountDetailsTable } from '../read-models/account-details/account-details.js';
import { AccountDetailsQuery } from '../read-models/account-details/account-details.query.js';
import { PaymentMethodTable } from '../read-models/payment-method/payment-method.js';
import { PaymentMethodQuery } from '../read-models/payment-method/payment-method.query.js';

/** A migrated database of a spec's own. */
interface SpecDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Accounts on a real, migrated PostgreSQL, written by commands as the application's role, and read by the context's queries. */
export class KeptAccounts {
  readonly clock = new SetClock();
  readonly database: Database;
  readonly accounts: AccountDetailsQuery;
  readonly methods: PaymentMethodQuery;
  private readonly executor: CommandExecutor;

  private constructor(
    private readonly home: SpecDatabase,
    private readonly dataSource: DataSource,
  ) {
    const vocabulary = new Vocabulary();
    vocabulary.register(accountsContext);
    this.database = new Database(dataSource);
    this.executor = new CommandExecutor(this.database, new EventStore(vocabulary), vocabulary, this.clock, new Doorbell());
    this.accounts = new AccountDetailsQuery(dataSource);
    this.methods = new PaymentMethodQuery(dataSource);
  }

  static async open(home: SpecDatabase): Promise<KeptAccounts> {
    const entities = [AccountDetailsTable, PaymentMethodTable];
    const extra = { options: '-c role=perennial_app' };
    return new KeptAccounts(home, await new DataSource({ type: 'postgres', url: home.url, extra, entities }).initialize());
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.home.drop();
  }

  async send<D extends object>(command: new (data: D, meta?: CommandMeta) => AnyCommand, data: D): Promise<readonly RecordedEvent[]> {
    return (await this.executor.execute(new command(data, asked))).events;
  }

  /** A new account of Ada's. */
  async ada(changes: Partial<CreateAccount['data']> = {}): Promise<AccountId> {
    const accountId: AccountId = newId();
    await this.send(CreateAccount, { ...createAda, ...changes, accountId });
    return accountId;
  }

  async paymentMethodsOf(accountId: AccountId) {
    const account = await this.accounts.find(accountId);
    return (await this.methods.ofAccounts([account!]))[0]!;
  }

  /** The rows that the events make in an empty table, written all at once. */
  async rebuilt(model: ReadModel, events: readonly RecordedEvent[]): Promise<unknown[]> {
    return this.database.transaction(async (sql) => {
      await sql.query(`create temporary table rebuilt (like ${model.table}) on commit drop`);
      for (const statement of statementsFor(model, bucketOf(events[0]!.meta.streamId), events, 'rebuilt')) await sql.run(statement);
      return sql.query('select to_json(r) as row from rebuilt r order by id');
    });
  }
}
