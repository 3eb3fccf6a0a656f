import { setTimeout as pause } from 'node:timers/promises';
import type supertest from 'supertest';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { type AccountId, newId } from '#kernel/ids.js';
import { ParkAccount } from '#payments/account-hold/park-account.js';
import type { TestPlatform } from '../../support/platform.js';

const CARD = { token: 'pm_card_visa' };
const PATIENCE_MS = 20_000;

/** What became of the story, without names and times: the same however often it was interrupted. */
export interface Ending {
  readonly events: Readonly<Record<string, number>>;
  readonly captured: readonly number[];
}

/**
 * A customer on a test clock is billed for three months, parked, and released again. Whatever fails on the way is done again by the one who has to: the
 * client repeats a request with its key, and what nobody asks for is found by the runners.
 */
export class StruckStory {
  /** Answers that a client must not get, whatever happens behind. */
  readonly complaints: string[] = [];

  constructor(private readonly platform: TestPlatform) {}

  async told(): Promise<Ending> {
    const clock = await this.asked((platform) => platform.post('/v1/test-clocks', { now: '2026-01-31T12:00:00Z' }));
    const person = { email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: 'America/New_York', paymentMethod: CARD };
    const account = await this.asked((platform) => platform.post('/v1/accounts', { ...person, testClockId: clock }));
    await this.asked((platform) => platform.post('/v1/subscriptions', { accountId: account, planCode: 'pro' }));
    await this.settled();
    await this.asked((platform) => platform.post(`/v1/test-clocks/${clock}/advance`, { to: '2026-04-15T12:00:00Z' }));
    await this.settled();
    await this.parked(account);
    await this.asked((platform) => platform.post('/v1/subscriptions', { accountId: account, planCode: 'pro' }));
    await this.settled();
    await this.asked((platform) => platform.post(`/v1/accounts/${account}/release`, { reason: 'looked at' }));
    await this.settled();
    return this.ending(account as AccountId);
  }

  /** Until nothing is left to do. Throws when something still is after all this time. */
  async settled(): Promise<void> {
    for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await pause(50)) {
      await this.platform.settle().catch(() => {});
      await this.letLeasesEnd().catch(() => {});
      if (await this.isQuiet().catch(() => false)) return;
    }
    throw new Error(`All is not quiet after ${PATIENCE_MS} ms.`);
  }

  /** Nothing runs now: what is still held is held by a run that could not even give it back, and a minute would pass for it. */
  private async letLeasesEnd(): Promise<void> {
    await this.platform.database.query(`update es.job set lease_until = now() - interval '1 second' where state = 'leased'`);
    await this.platform.database.query(`update es.test_clock set lease_until = now() - interval '1 second' where target is not null`);
  }

  private async isQuiet(): Promise<boolean> {
    const [row] = await this.platform.database.query<{ quiet: boolean }>(
      `select not exists (select 1 from es.job where attempt > 0 or run_at <= now())
          and not exists (select 1 from es.test_clock where target is not null)
          and not exists (select 1 from es.event e left join es.checkpoint c on c.bucket = e.bucket and c.reader = 'relay'
                           where e.pos > coalesce(c.pos, 0)) as quiet`,
    );
    return row!.quiet;
  }

  /** The id of what was asked for, once somebody has answered. */
  private async asked(request: (platform: TestPlatform) => supertest.Test): Promise<string> {
    const key = newId();
    for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await pause(50)) {
      const { status, body, headers } = await request(this.platform).set('Idempotency-Key', key);
      if (status < 300) return body.id;
      if (status !== 503 || !headers['retry-after']) this.complaints.push(`${status} ${JSON.stringify(body)}`);
    }
    throw new Error(`A request was not served within ${PATIENCE_MS} ms.`);
  }

  /** As the system does when something looks impossible; again when that fails. */
  private async parked(account: string): Promise<void> {
    const commands = this.platform.app.get(CommandBus, { strict: false });
    const park = { accountId: account as AccountId, reason: 'by_hand', details: 'a story' } as const;
    const meta = { actor: 'test', correlationId: newId() };
    await commands.execute(new ParkAccount(park, meta)).catch(() => commands.execute(new ParkAccount(park, meta)));
  }

  private async ending(account: AccountId): Promise<Ending> {
    const rows = await this.platform.database.query<{ event_type: string; count: number }>(
      `select event_type, count(*)::integer as count from es.event
        where payload->>'accountId' = $1 and event_type not like 'Payment%' group by event_type order by event_type`,
      [account],
    );
    const answer = await fetch(`${this.platform.simulator.url}/_simulator/state?metadata[accountId]=${account}`);
    const { payment_intents: intents } = (await answer.json()) as { payment_intents: { amountCaptured: number }[] };
    return {
      events: Object.fromEntries(rows.map(({ event_type, count }) => [event_type, count])),
      captured: intents.map(({ amountCaptured }) => amountCaptured),
    };
  }
}
