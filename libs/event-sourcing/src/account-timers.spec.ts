import { type AccountId, type Id, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Command } from './command.js';
import { type Decider, on } from './decider.js';
import { DomainEvent } from './domain-event.js';
import { schedule, whenever } from './reaction.js';
import { Engine } from './testing/engine.js';
import { timer } from './timer.js';
import type { ContextDefinition } from './vocabulary.js';

const DUE = instant('2026-02-28T12:00:00Z');

interface OfLoan {
  readonly loanId: Id<'loan'>;
  readonly accountId: AccountId;
}

class LoanGiven extends DomainEvent('LoanGiven')<OfLoan> {}
class FeeTaken extends DomainEvent('FeeTaken')<OfLoan> {}
class ReminderSent extends DomainEvent('ReminderSent')<OfLoan> {}
class GiveLoan extends Command('GiveLoan')<OfLoan> {}
class TakeFee extends Command('TakeFee')<OfLoan> {}
class SendReminder extends Command('SendReminder')<OfLoan> {}
class Admit extends Command('Admit')<{ readonly accountId: AccountId }> {}

const stream = ({ loanId }: OfLoan) => loanId;
const blocked = new Set<AccountId>();

const loans: Decider<null, LoanGiven | FeeTaken | ReminderSent> = {
  category: 'loan',
  events: [LoanGiven, FeeTaken, ReminderSent],
  accountOf: ({ accountId }) => accountId,
  initialState: null,
  evolve: () => null,
  decisions: [
    on(GiveLoan, { stream, decide: (data): LoanGiven[] => [new LoanGiven(data)] }),
    on(TakeFee, { stream, decide: (data): FeeTaken[] => [new FeeTaken(data)] }),
    on(SendReminder, { stream, decide: (data): ReminderSent[] => [new ReminderSent(data)] }),
    on(Admit, {
      stream: ({ accountId }) => accountId,
      decide: ({ accountId }) => {
        if (blocked.has(accountId)) throw new Error('blocked');
        return [];
      },
    }),
  ],
};

const fee = timer('fee', TakeFee, { bills: true });
const reminder = timer('reminder', SendReminder, { bills: false });

const context: ContextDefinition = {
  name: 'loans',
  deciders: [loans],
  timers: [fee, reminder],
  admission: (accountId) => new Admit({ accountId }),
  reactions: {
    setTimers: whenever([LoanGiven], 'with', ({ data }) => [
      schedule(fee, data.loanId, DUE, data),
      schedule(reminder, data.loanId, DUE, data),
    ]),
  },
};

describe('the timers of an account', () => {
  let testDatabase: TestDatabase;
  let engine: Engine;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    engine = await Engine.start({ url: testDatabase.url, contexts: [context], connections: 3 });
  });
  beforeEach(() => engine.clock.set('2026-01-31T12:00:00Z'));
  afterAll(async () => {
    await engine.close();
    await testDatabase.drop();
  });

  async function loan(bucket: number): Promise<OfLoan> {
    const given = { loanId: newId<'loan'>(bucket), accountId: newId<'account'>(bucket) };
    await engine.send(GiveLoan, given);
    return given;
  }

  const aside = async (bucket: number): Promise<unknown[]> => {
    const rows = await engine.rows<{ stream_id: string; name: string; set_aside_reason: string }>(
      'select stream_id, name, set_aside_reason from es.timer where bucket = $1 and set_aside_at is not null order by stream_id, name',
      [bucket],
    );
    return rows.map((row) => [row.stream_id, row.name, row.set_aside_reason]);
  };

  it("are held as far as they bill, and no other account's", async () => {
    const [held] = [await loan(1), await loan(1)];
    await engine.database.transaction((sql) => engine.accountTimers.hold(sql, held.accountId, 'stop'));
    expect(await aside(1)).toEqual([[held.loanId, 'fee', 'stop']]);
  });

  it('are put back by the reason that they were held for', async () => {
    const { loanId, accountId } = await loan(2);
    await engine.database.transaction((sql) => engine.accountTimers.hold(sql, accountId, 'stop'));
    await engine.database.transaction((sql) => engine.accountTimers.putBack(sql, accountId, ['another']));
    expect(await aside(2)).toEqual([[loanId, 'fee', 'stop']]);
    await engine.database.transaction((sql) => engine.accountTimers.putBack(sql, accountId, ['another', 'stop']));
    expect(await aside(2)).toEqual([]);
  });

  it('ask for admission before they do anything, as far as they bill, and hold nobody else up', async () => {
    const [refused, admitted] = [await loan(3), await loan(3)];
    blocked.add(refused.accountId);
    engine.clock.set(DUE);
    while ((await engine.timers.fireDue(3)) > 0);
    expect(await aside(3)).toEqual([[refused.loanId, 'fee', 'blocked']]);
    const done = await engine.rows<{ stream_id: string; event_type: string }>(
      `select stream_id, event_type from es.event where bucket = 3 and event_type <> 'LoanGiven'`,
    );
    expect(done.map(({ stream_id, event_type }) => [stream_id, event_type]).sort()).toEqual(
      [
        [refused.loanId, 'ReminderSent'],
        [admitted.loanId, 'FeeTaken'],
        [admitted.loanId, 'ReminderSent'],
      ].sort(),
    );
  });
});
