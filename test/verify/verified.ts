import Stripe from 'stripe';
import { EventStore } from '#event-sourcing/event-store.js';
import type { Sql } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { checks } from '../../apps/cli/src/verify/checks/checks.js';
import { Snapshot } from '../../apps/cli/src/verify/snapshot.js';
import type { Subject } from '../../apps/cli/src/verify/subject.js';
import { type CheckResult, verify } from '../../apps/cli/src/verify/verify.js';
import { wholeVocabulary } from '../../apps/cli/src/vocabulary.js';
import type { Portfolio } from './portfolio.js';

const vocabulary = wholeVocabulary();

class TakenBack extends Error {}

/** The results of all checks after something was planted, which is then taken back: every plant is in the same portfolio, alone. */
export async function verified(
  { platform, quietAt }: Pick<Portfolio, 'platform' | 'quietAt'>,
  plant: (sql: Sql) => Promise<unknown>,
  given: Partial<Subject> = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  await platform.database
    .transaction(async (sql) => {
      await sql.query('set local role postgres');
      await plant(sql);
      const subject: Subject = {
        sql,
        database: new Snapshot(sql, platform.database.dataSource),
        vocabulary,
        store: new EventStore(vocabulary, specKeys),
        asOf: quietAt,
        stripe: stripeOf(platform.simulator),
        journal: null,
        canaries: [],
        logs: [],
        requestLog: null,
        ...given,
      };
      for await (const result of verify(subject, checks, { show: 10 })) results.push(result);
      throw new TakenBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  return results;
}

export function stripeOf({ host, port }: { readonly host: string; readonly port: number }): Stripe {
  return new Stripe('sk_test_specs', { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}
