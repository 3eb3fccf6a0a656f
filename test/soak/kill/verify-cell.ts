import Stripe from 'stripe';
import { EventStore } from '#event-sourcing/event-store.js';
import { Database } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { fromEpochMs } from '#kernel/instant.js';
import { checks } from '../../../apps/cli/src/verify/checks/checks.js';
import { Snapshot } from '../../../apps/cli/src/verify/snapshot.js';
import { isFailure, verify } from '../../../apps/cli/src/verify/verify.js';
import { wholeVocabulary } from '../../../apps/cli/src/vocabulary.js';
import type { Cell } from './cell.js';

/** What the invariants say of a cell at rest, one sentence for each violation, with the gateway's books and the client's journal at hand. */
export async function verifyCell(cell: Cell): Promise<string[]> {
  const source = await cell.postgres.connection();
  const { host, port } = cell.simulator;
  const stripe = new Stripe('sk_test_specs', { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
  return new Database(source).transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read');
    const vocabulary = wholeVocabulary();
    const subject = {
      sql,
      database: new Snapshot(sql, source),
      vocabulary,
      store: new EventStore(vocabulary, specKeys),
      asOf: fromEpochMs(Date.now()),
      stripe,
      journal: cell.journalFile,
      canaries: ['sk_test_specs', 'whsec_0123456789abcdef'],
      logs: cell.logFiles,
      requestLog: cell.requestLogFile,
    };
    const failures: string[] = [];
    for await (const result of verify(subject, checks, { show: 3 })) {
      if (!isFailure(result)) continue;
      const { id, violations, shown, error } = result;
      if (error) failures.push(`${id} could not be checked: ${error}`);
      for (const { says, where } of shown) failures.push(`${id} (${violations}): ${says} ${JSON.stringify(where)}`);
    }
    return failures;
  });
}
