import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Clock } from '#event-sourcing/clock.js';
import type { AnyCommand, CommandClass, CommandMeta } from '#event-sourcing/command.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { statementsFor } from '#event-sourcing/read-model.js';
import { Database } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { type AccountId, bucketOf, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { pageWindow } from '#platform/http/page.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { createAda, mastercard, particulars, visa } from '../../account/account.examples.js';
import { paymentMethodIdOf } from '../../account/account.policies.js';
import { AddPaymentMethod } from '../../account/add-payment-method.js';
import { ChangeAccount } from '../../account/change-account.js';
import { CloseAccount } from '../../account/close-account.js';
import { CreateAccount } from '../../account/create-account.js';
import { RemovePaymentMethod } from '../../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../../account/set-default-payment-method.js';
import { accountsContext } from '../../accounts.context.js';
import { PaymentMethodTable } from '../payment-method/payment-method.js';
import { paymentMethods } from '../payment-method/payment-method.projection.js';
import { PaymentMethodQuery, writtenPaymentMethods } from '../payment-method/payment-method.query.js';
import { AccountDetailsTable } from './account-details.js';
import { accountDetails } from './account-details.projection.js';
import { AccountDetailsQuery, writtenAccount } from './account-details.query.js';

const noon = instant('2026-01-31T12:00:00Z');
const evening = instant('2026-01-31T18:30:00.123Z');

let testDatabase: TestDatabase;
let database: Database;
let executor: CommandExecutor;
let accounts: AccountDetailsQuery;
let methods: PaymentMethodQuery;
let now = noon;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const entities = [AccountDetailsTable, PaymentMethodTable];
  const dataSource = await new DataSource({
    type: 'postgres',
    url: testDatabase.url,
    extra: { options: '-c role=perennial_app' },
    entities,
  }).initialize();
  const vocabulary = new Vocabulary();
  vocabulary.register(accountsContext);
  const clock: Clock = Object.assign(new Clock(), { now: () => now });
  database = new Database(dataSource);
  executor = new CommandExecutor(database, new EventStore(vocabulary), vocabulary, clock, new Doorbell());
  accounts = new AccountDetailsQuery(dataSource);
  methods = new PaymentMethodQuery(dataSource);
});
afterAll(async () => {
  await database.dataSource.destroy();
  await testDatabase.drop();
});

const send = async <C extends AnyCommand>(command: CommandClass<C>, data: C['data']): Promise<readonly RecordedEvent[]> => {
  const meta: CommandMeta = { actor: 'spec', correlationId: randomUUID() };
  return (await executor.execute(new command(data, meta))).events;
};

/** Ada's account, and what is shown of it. */
async function ada(): Promise<{
  accountId: AccountId;
  events: RecordedEvent[];
  shown: () => Promise<unknown>;
  cards: () => Promise<unknown>;
}> {
  now = noon;
  const accountId: AccountId = newId();
  const events = [...(await send(CreateAccount, { ...createAda, accountId }))];
  const shown = () => accounts.find(accountId);
  const cards = async () => (await methods.ofAccounts([(await accounts.find(accountId))!]))[0];
  return { accountId, events, shown, cards };
}

const asCreated = {
  ...particulars,
  currency: 'USD',
  status: 'ACTIVE',
  defaultPaymentMethodId: null,
  gatewayCustomerId: null,
  testClockId: null,
  createdAt: noon,
  closedAt: null,
  version: 1,
};

describe('An account as it is shown', () => {
  it('begins with AccountCreated', async () => {
    const { accountId, shown, cards } = await ada();
    expect(await shown()).toEqual({ id: accountId, ...asCreated });
    expect(await cards()).toEqual([]);
  });

  it('follows AccountChanged in what has changed, and in nothing else', async () => {
    const { accountId, shown } = await ada();
    await send(ChangeAccount, { accountId, changes: { email: 'countess@example.com', region: null, taxIds: [] } });
    expect(await shown()).toEqual({ id: accountId, ...asCreated, email: 'countess@example.com', region: null, taxIds: [], version: 2 });
    await send(ChangeAccount, {
      accountId,
      changes: {
        name: 'Ada King',
        timeZone: timeZone('Europe/London'),
        locale: null,
        country: 'GB',
        taxExempt: true,
        metadata: { a: 'b' },
      },
    });
    expect(await shown()).toMatchObject({
      name: 'Ada King',
      timeZone: 'Europe/London',
      locale: null,
      country: 'GB',
      taxExempt: true,
      metadata: { a: 'b' },
      email: 'countess@example.com',
      version: 3,
    });
  });

  it('follows PaymentMethodAdded with the method, the default, and the gateway customer', async () => {
    const { accountId, shown, cards } = await ada();
    now = evening;
    await send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    const id = paymentMethodIdOf(accountId, visa);
    expect(await shown()).toMatchObject({ defaultPaymentMethodId: id, gatewayCustomerId: 'cus_1', version: 2 });
    expect(await cards()).toEqual([
      { id, type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, isDefault: true, createdAt: evening },
    ]);
    await send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    expect(await shown()).toMatchObject({ defaultPaymentMethodId: id, version: 3 });
  });

  it('follows DefaultPaymentMethodChanged', async () => {
    const { accountId, cards } = await ada();
    await send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    now = evening;
    await send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await send(SetDefaultPaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) });
    expect(await cards()).toMatchObject([
      { brand: 'mastercard', isDefault: true },
      { brand: 'visa', isDefault: false },
    ]);
  });

  it('follows PaymentMethodRemoved, down to none', async () => {
    const { accountId, shown, cards } = await ada();
    await send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    await send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await cards()).toEqual([]);
    expect(await shown()).toMatchObject({ defaultPaymentMethodId: null, gatewayCustomerId: 'cus_1', version: 3 });
  });

  it('follows AccountClosed, and can still be read', async () => {
    const { accountId, shown } = await ada();
    now = evening;
    await send(CloseAccount, { accountId });
    expect(await shown()).toEqual({ id: accountId, ...asCreated, status: 'CLOSED', closedAt: evening, version: 2 });
  });

  it('is the same inside the transaction that wrote it', async () => {
    const { accountId, shown, cards } = await ada();
    await send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    const account = await database.transaction((sql) => writtenAccount(sql, accountId));
    expect(account).toEqual(await shown());
    expect(await database.transaction((sql) => writtenPaymentMethods(sql, account))).toEqual(await cards());
  });

  it('is the same when it is built anew from its events', async () => {
    const { accountId, events } = await ada();
    events.push(...(await send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false })));
    events.push(...(await send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: true })));
    events.push(...(await send(ChangeAccount, { accountId, changes: { name: 'Ada King', locale: null } })));
    events.push(...(await send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) })));
    events.push(...(await send(CloseAccount, { accountId })));
    expect(events).toHaveLength(7);
    for (const model of [accountDetails, paymentMethods]) {
      const rows = await database.transaction(async (sql) => {
        await sql.query(`create temporary table rebuilt (like ${model.table}) on commit drop`);
        for (const statement of statementsFor(model, bucketOf(accountId), events, 'rebuilt')) await sql.run(statement);
        return sql.query('select to_json(r) as row from rebuilt r');
      });
      const kept = await database.query(
        `select to_json(r) as row from ${model.table} r where ${model === accountDetails ? 'id' : 'account_id'} = $1`,
        [accountId],
      );
      expect(rows).toHaveLength(1);
      expect(rows).toEqual(kept);
    }
  });
});

describe('A list of accounts', () => {
  it('is newest first, goes on after a position, and leaves the closed out', async () => {
    const email = `${randomUUID()}@example.com`;
    const ids: AccountId[] = [];
    for (const [index, at] of [noon, noon, evening, evening].entries()) {
      const accountId: AccountId = newId();
      now = at;
      await send(CreateAccount, { ...createAda, accountId, email: index % 2 ? email : email.toUpperCase() });
      ids.push(accountId);
    }
    const newestFirst = [...ids.slice(2).sort().reverse(), ...ids.slice(0, 2).sort().reverse()];
    const all = await accounts.page({ email }, pageWindow({}, {}));
    expect(all.map(({ id }) => id)).toEqual(newestFirst);
    for (const [index, after] of all.entries()) {
      const rest = await accounts.page({ email }, { ...pageWindow({ limit: 1 }, {}), after });
      expect(rest.map(({ id }) => id)).toEqual(newestFirst.slice(index + 1, index + 3));
    }
    await send(CloseAccount, { accountId: ids[0]! });
    expect((await accounts.page({ email }, pageWindow({}, {}))).map(({ id }) => id)).toEqual(newestFirst.filter((id) => id !== ids[0]));
    expect((await accounts.page({ email, status: 'CLOSED' }, pageWindow({}, {}))).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('by ids keeps their order, and has null for one that is not there', async () => {
    const [one, two] = [await ada(), await ada()];
    const found = await accounts.byIds([two.accountId, newId(), one.accountId, two.accountId]);
    expect(found.map((account) => account?.id)).toEqual([two.accountId, undefined, one.accountId, two.accountId]);
  });
});
