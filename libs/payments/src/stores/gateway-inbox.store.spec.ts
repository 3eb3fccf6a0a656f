import type { RungJob } from '#event-sourcing/doorbell.js';
import { Engine } from '#event-sourcing/testing/engine.js';
import { instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import type { GatewayEvent } from '../gateways/payment-gateway.js';
import { GatewayInbox } from './gateway-inbox.store.js';

const event: GatewayEvent = {
  ...{ eventId: 'evt_1', type: 'payment_intent.succeeded', objectId: 'pi_1', intentId: 'pi_1' },
  createdAt: instant('2026-01-31T12:00:00Z'),
};

describe('the inbox of the gateway’s events', () => {
  let testDatabase: TestDatabase;
  let engine: Engine;
  beforeEach(async () => {
    testDatabase = await createTestDatabase();
    engine = await Engine.start({ url: testDatabase.url, contexts: [], connections: 3 });
  });
  afterEach(async () => {
    await engine.close();
    await testDatabase.drop();
  });

  it('rings for the job of an event once both are committed, and not again for the same event', async () => {
    const rung: RungJob[] = [];
    const committed: Promise<{ id: string }[]>[] = [];
    engine.doorbell.listen((_bucket, jobs) => {
      rung.push(...jobs);
      committed.push(engine.rows('select id from es.job where kind = $1', ['payments.gateway-event']));
    });
    const inbox = new GatewayInbox(engine.database, engine.doorbell);
    expect([await inbox.receive('stripe', event), await inbox.receive('stripe', event)]).toEqual(['received', 'duplicate']);
    const jobs = await engine.rows<{ bucket: number; id: string; kind: string; epoch: number }>(
      'select bucket, id, kind, epoch from es.job where rung_at is not null',
    );
    expect(jobs).toHaveLength(1);
    expect(rung).toEqual(jobs);
    expect(await Promise.all(committed)).toEqual([[{ id: jobs[0]!.id }]]);
  });
});
