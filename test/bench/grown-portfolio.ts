import type { DataSource } from 'typeorm';
import { verifyChains } from '#event-sourcing/verify-chains.js';
import type { BenchServer } from './bench-database.js';
import { cloneCustomers } from './clones.js';
import { type Engine, engineOn } from './engine.js';
import { renewalOf } from './months.js';
import { makePortfolio, publishPlan } from './portfolio.js';
import { progress } from './report.js';

/** One customer in each bucket is made by commands; the others are like it. */
export const SAMPLES = 256;
const VERIFIED_BUCKETS = [0, 77, 154, 231];

export interface GrownPortfolio {
  readonly url: string;
  readonly owner: DataSource;
  readonly engine: Engine;
}

/** A database with so many subscriptions that have been billed for so many months, each once at least; their chains hold. */
export async function grownPortfolio(server: BenchServer, name: string, subscriptions: number, history: number): Promise<GrownPortfolio> {
  const database = await server.database(name);
  const owner = await database.asOwner();
  const engine = engineOn(await database.asApplication(4));
  await publishPlan(engine);
  await makePortfolio(engine, SAMPLES);
  for (let month = 1; month < history; month += 1) {
    engine.clock.current = renewalOf(month);
    for (const bucket of await engine.timers.bucketsWithWork()) await engine.timers.fireDue(bucket);
  }
  await owner.query('truncate es.job');
  await cloneCustomers(owner, subscriptions);
  await owner.query('vacuum analyze');
  const { events, findings } = await verifyChains(engine.database, { buckets: VERIFIED_BUCKETS });
  if (findings[0]) throw new Error(`The log that was made is not intact: ${findings.length} findings, the first: ${findings[0].wrong}`);
  progress(`  the chains of ${events.toLocaleString('en-US')} events in ${VERIFIED_BUCKETS.length} buckets hold`);
  return { url: database.url, owner, engine };
}
