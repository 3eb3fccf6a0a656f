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
import { bucketOf, newId, type PlanId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { pageWindow } from '#platform/http/page.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { catalogContext } from '../../catalog.context.js';
import { base, offer } from '../../plan/plan.examples.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { PublishPlan } from '../../plan/publish-plan.js';
import { RevisePlan } from '../../plan/revise-plan.js';
import { PlanVersionTable } from '../plan-version/plan-version.js';
import { planVersions } from '../plan-version/plan-version.projection.js';
import { PlanVersionQuery } from '../plan-version/plan-version.query.js';
import { PlanDetailsTable } from './plan-details.js';
import { planDetails } from './plan-details.projection.js';
import { PlanDetailsQuery, writtenPlan } from './plan-details.query.js';

const noon = instant('2026-01-31T12:00:00Z');
const evening = instant('2026-01-31T18:30:00.123Z');

let testDatabase: TestDatabase;
let database: Database;
let executor: CommandExecutor;
let plans: PlanDetailsQuery;
let versions: PlanVersionQuery;
let now = noon;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const entities = [PlanDetailsTable, PlanVersionTable];
  const dataSource = await new DataSource({
    type: 'postgres',
    url: testDatabase.url,
    extra: { options: '-c role=perennial_app' },
    entities,
  }).initialize();
  const vocabulary = new Vocabulary();
  vocabulary.register(catalogContext);
  const clock: Clock = Object.assign(new Clock(), { now: () => now });
  database = new Database(dataSource);
  executor = new CommandExecutor(database, new EventStore(vocabulary), vocabulary, clock, new Doorbell());
  plans = new PlanDetailsQuery(dataSource);
  versions = new PlanVersionQuery(dataSource);
});
afterAll(async () => {
  await database.dataSource.destroy();
  await testDatabase.drop();
});

const send = async <C extends AnyCommand>(command: CommandClass<C>, data: C['data']): Promise<readonly RecordedEvent[]> => {
  const meta: CommandMeta = { actor: 'spec', correlationId: randomUUID() };
  return (await executor.execute(new command(data, meta))).events;
};

async function publish(at = noon): Promise<{ planId: PlanId; code: string; events: RecordedEvent[] }> {
  now = at;
  const code = `plan-${randomUUID()}`;
  const planId = planIdOf(code);
  return { planId, code, events: [...(await send(PublishPlan, { ...offer, planId, code }))] };
}

const dearer = { prices: [{ ...base, currencies: { USD: { amount: '3900' } } }], name: 'Pro 2' };

describe('A plan as it is shown', () => {
  it('begins with PlanVersionPublished', async () => {
    const { planId, code } = await publish();
    expect(await plans.find(planId)).toEqual({
      id: planId,
      code,
      ...offer,
      version: 1,
      active: true,
      createdAt: noon,
      publishedAt: noon,
      streamVersion: 1,
    });
  });

  it('follows the next PlanVersionPublished, and keeps the one before', async () => {
    const { planId, code } = await publish();
    now = evening;
    await send(RevisePlan, { planId, changes: dearer });
    const newest = { ...offer, ...dearer, version: 2, publishedAt: evening };
    expect(await plans.find(planId)).toEqual({ id: planId, code, ...newest, active: true, createdAt: noon, streamVersion: 2 });
    expect(
      await versions.byKeys([
        { planId, version: 2 },
        { planId, version: 3 },
        { planId, version: 1 },
      ]),
    ).toEqual([{ planId, ...newest }, null, { planId, ...offer, version: 1, publishedAt: noon }]);
  });

  it('follows PlanRetired and PlanReactivated', async () => {
    const { planId } = await publish();
    await send(RevisePlan, { planId, changes: {}, active: false });
    expect(await plans.find(planId)).toMatchObject({ active: false, version: 1, streamVersion: 2 });
    await send(RevisePlan, { planId, changes: {}, active: true });
    expect(await plans.find(planId)).toMatchObject({ active: true, version: 1, streamVersion: 3 });
    expect(await versions.byKeys([{ planId, version: 2 }])).toEqual([null]);
  });

  it('is the same inside the transaction that wrote it', async () => {
    const { planId } = await publish();
    expect(await database.transaction((sql) => writtenPlan(sql, planId))).toEqual(await plans.find(planId));
  });

  it('is the same when it is built anew from its events', async () => {
    const { planId, events } = await publish();
    now = evening;
    events.push(...(await send(RevisePlan, { planId, changes: dearer, active: false })));
    events.push(...(await send(RevisePlan, { planId, changes: { trialDays: 0 }, active: true })));
    expect(events).toHaveLength(5);
    for (const [model, owner, count] of [
      [planDetails, 'id', 1],
      [planVersions, 'plan_id', 3],
    ] as const) {
      const rows = await database.transaction(async (sql) => {
        await sql.query(`create temporary table rebuilt (like ${model.table}) on commit drop`);
        for (const statement of statementsFor(model, bucketOf(planId), events, 'rebuilt')) await sql.run(statement);
        return sql.query('select to_json(r) as row from rebuilt r order by id');
      });
      expect(rows).toHaveLength(count);
      expect(rows).toEqual(
        await database.query(`select to_json(r) as row from ${model.table} r where ${owner} = $1 order by id`, [planId]),
      );
    }
  });
});

describe('A list of plans', () => {
  it('is newest first, goes on after a position, and tells the active from the retired', async () => {
    const [old, other, newest] = [await publish(noon), await publish(noon), await publish(evening)];
    await send(RevisePlan, { planId: old.planId, changes: {}, active: false });
    const mine = new Set([old.planId, other.planId, newest.planId]);
    const ids = async (filter: object, after: { createdAt: typeof noon; id: string } | null = null) =>
      (await plans.page(filter, { ...pageWindow({ limit: 100 }, {}), after })).map(({ id }) => id).filter((id) => mine.has(id));
    const order = [newest.planId, ...[old.planId, other.planId].sort().reverse()];
    expect(await ids({})).toEqual(order);
    expect(await ids({}, { createdAt: evening, id: newest.planId })).toEqual(order.slice(1));
    expect(await ids({}, { createdAt: noon, id: order[1]! })).toEqual(order.slice(2));
    expect(await ids({ active: true })).toEqual([newest.planId, other.planId]);
    expect(await ids({ active: false })).toEqual([old.planId]);
    expect(await ids({ code: other.code })).toEqual([other.planId]);
  });

  it('by ids keeps their order, and has null for one that is not there', async () => {
    const [one, two] = [await publish(), await publish()];
    const found = await plans.byIds([two.planId, newId(), one.planId]);
    expect(found.map((plan) => plan?.id)).toEqual([two.planId, undefined, one.planId]);
  });
});
