import { accountsContext } from '#accounts/accounts.context.js';
import { catalogContext } from '#catalog/catalog.context.js';
import type { AnyCommand } from '#event-sourcing/command.js';
import type { Result } from '#event-sourcing/command-executor.js';
import { Engine } from '#event-sourcing/testing/engine.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { invoicingContext } from '#invoicing/invoicing.context.js';
import { bucketOf } from '#kernel/ids.js';
import { paymentsContext } from '#payments/payments.context.js';
import { subscriptionsContext } from '#subscriptions/subscriptions.context.js';
import { SeededChance } from '../reliability/seeded-chance.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { BUCKETS, type Moment, randomPortfolio } from './random-portfolio.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);
const PORTFOLIOS = 3;
const contexts = [accountsContext, catalogContext, subscriptionsContext, invoicingContext, paymentsContext];

/** Some calls in each period that is over and may still have some, and in each that is running. */
const USED = `
  insert into metering.total as t (bucket, subscription_id, meter, span, start, events, quantity, last_at)
  select bucket, id, 'sum/calls', 'period', start, 1, 7.5, start
    from (select bucket, id, current_period_start as start from subscriptions.subscription_details where status = 'active' and $1::timestamptz is not null
          union
          select bucket, stream_id, (payload->'period'->>'start')::timestamptz from es.event
           where event_type = 'PeriodEnded' and (payload->'lateUsage'->>'until')::timestamptz > $1::timestamptz) as p
      on conflict (bucket, subscription_id, meter, span, start) do update set quantity = t.quantity + excluded.quantity`;

/** A database of its own, in which so many commands and timers at most are one batch. */
class Side {
  private constructor(
    private readonly testDatabase: TestDatabase,
    private readonly engine: Engine,
    private readonly owner: Engine,
    private readonly batchSize: number,
  ) {}

  static async start(batchSize: number): Promise<Side> {
    const testDatabase = await createTestDatabase();
    const { url } = testDatabase;
    return new Side(testDatabase, await Engine.start({ url, contexts }), await Engine.start({ url, contexts, role: null }), batchSize);
  }

  async stop(): Promise<void> {
    await this.engine.close();
    await this.owner.close();
    await this.testDatabase.drop();
  }

  /** What became of each command and each timer. */
  async live({ now, commands, broken }: Moment): Promise<string[]> {
    this.engine.clock.set(now);
    const said: string[] = [];
    for (const bucket of BUCKETS) {
      const ofBucket = commands.filter((command) => bucketOf(this.streamOf(command)) === bucket);
      for (let first = 0; first < ofBucket.length; first += this.batchSize) {
        said.push(...(await this.execute(bucket, ofBucket.slice(first, first + this.batchSize))));
      }
    }
    await this.owner.rows(`update invoicing.billing_terms set time_zone = 'Nowhere/Nothing' where id = any($1::uuid[])`, [broken]);
    await this.owner.rows(USED, [now]);
    const { database, executor, clock, incidents } = this.engine;
    const timers = new TimerRunner(database, executor, clock, incidents, this.batchSize);
    for (const bucket of BUCKETS) {
      // What is due anew when a batch is written belongs to a later turn.
      let fired = 0;
      for (let more = await timers.fireDue(bucket); more > 0; more = await timers.fireDue(bucket)) fired += more;
      said.push(`${fired} timers`);
    }
    return said;
  }

  /** Every row of every table, without what the server's own time of day has filled in, and how keys are wrapped, which chance has a part in. */
  async contents(): Promise<Record<string, string[]>> {
    const tables = await this.owner.rows<{ name: string; columns: string }>(
      `select a.attrelid::regclass::text as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
         from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.oid <> 'es.account_key'::regclass and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
          and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'public')
          and a.attname <> 'rung_at' and coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ 'now|clock_timestamp'
        group by 1 order by 1`,
    );
    const contents: Record<string, string[]> = {};
    for (const { name, columns } of tables) {
      const rows = await this.owner.rows<{ row: string }>(`select t::text as row from (select ${columns} from ${name}) as t order by 1`);
      contents[name] = rows.map(({ row }) => row);
    }
    return contents;
  }

  /** How many timers are set aside, since what they stand for could not be billed. */
  async setAside(): Promise<number> {
    return (await this.owner.rows('select 1 from es.timer where set_aside_at is not null')).length;
  }

  async rewrite(statement: string): Promise<void> {
    await this.owner.rows(statement);
  }

  private streamOf(command: AnyCommand) {
    return this.engine.vocabulary.bindingOf(command.type).stream(command.data);
  }

  /** A refusal of a command alone takes its transaction back, in a batch the others stay. */
  private async execute(bucket: number, commands: readonly AnyCommand[]): Promise<string[]> {
    const { executor } = this.engine;
    const said = ({ message }: Error) => [message];
    const results: Result[] = [];
    try {
      await executor.inTransaction(bucket, async (transaction) => {
        results.push(...(await executor.executeIn(transaction, commands)));
        return results;
      });
    } catch (error) {
      return said(error as Error);
    }
    return results.flatMap((result) => ('error' in result ? said(result.error) : [`version ${result.outcome.version}`]));
  }
}

describe('A billing run in batches', () => {
  let invoices = 0;
  let late = 0;
  let setAside = 0;

  it.each(Array.from({ length: PORTFOLIOS }, (_, index) => SEED + index))(
    'leaves what billing one by one leaves, in every table, for the portfolio of seed %i',
    async (seed) => {
      const sides = [await Side.start(500), await Side.start(1)] as const;
      try {
        for (const moment of randomPortfolio(new SeededChance(seed))) {
          const [together, singly] = [await sides[0].live(moment), await sides[1].live(moment)];
          expect(together).toEqual(singly);
        }
        const contents = await sides[0].contents();
        expect(contents).toEqual(await sides[1].contents());
        invoices += contents['invoicing.invoice_details']!.length;
        late += contents['invoicing.invoice_details']!.filter((row) => row.includes('lateUsage')).length;
        setAside += await sides[0].setAside();
        await sides[1].rewrite(`update es.timer set due_at = due_at + interval '1 second' where name = 'renewal'`);
        expect(contents).not.toEqual(await sides[1].contents());
      } finally {
        for (const side of sides) await side.stop();
      }
    },
  );

  it('was tried with invoices, also of late usage, and with subscriptions that could not be billed', () => {
    expect(invoices).toBeGreaterThan(60);
    expect(late).toBeGreaterThan(0);
    expect(setAside).toBeGreaterThan(0);
  });
});
