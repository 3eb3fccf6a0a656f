import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Stripe from 'stripe';
import { DataSource } from 'typeorm';
import { startPostgres } from '#embedded/postgres.js';
import { AccountKeys } from '#event-sourcing/account-keys.js';
import { Database } from '#event-sourcing/sql.js';
import { loadConfig } from '#platform/config/config.js';
import { masterKeysOf } from '#platform/config/master-keys-of.js';
import { connectionOptions } from '#platform/database/connection.js';
import { localMasterKey } from '../../local/src/secrets.js';
import { SIMULATED_KEY } from '../../local/src/simulated-key.js';
import { startSimulator } from '../../simulator/src/simulator.js';
import { UsageError } from '../../usage.js';
import { runningPlatform } from './running-platform.js';

/** A database and the gateway that belongs to it, wherever they are. */
export interface Place {
  /** As the role that serving processes have: it cannot change the log, whatever a tool gets wrong. */
  readonly database: Database;
  readonly ownerUrl: string;
  /** Null when none is configured. */
  readonly stripe: Stripe | null;
  /** What opens the sealed fields. Throws where no master key is configured. */
  accountKeys(): AccountKeys;
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

const LOCAL_DATABASE = 'perennial';
const CONNECTIONS = 2;

/**
 * The database that is named, or that DATABASE_URL names, with the gateway of STRIPE_API_KEY; else the local one in
 * PERENNIAL_HOME with its simulated gateway: those that `npm start` runs at the moment, or started for as long as it takes.
 */
export async function openPlace(named: string | undefined, env: Env): Promise<Place> {
  const url = databaseUrl(named, env.DATABASE_URL);
  return url ? opened(url, env.DATABASE_OWNER_URL || url, configuredGateway(env), env, async () => {}) : local(env);
}

/** Of the option, else of the environment. What cannot be one is not tried. */
export function databaseUrl(named: string | undefined, configured: string | undefined): string | undefined {
  const url = named ?? (configured || undefined);
  if (url === undefined || /^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  const variable = named === undefined ? 'DATABASE_URL' : '--database';
  throw new UsageError(`${variable} must be a PostgreSQL URL, postgres://user:password@host:5432/database.`);
}

async function local(env: Env): Promise<Place> {
  const home = resolve(env.PERENNIAL_HOME || '.perennial');
  const running = await runningPlatform(env);
  if (running?.databaseUrl)
    return opened(
      running.databaseUrl,
      running.databaseUrl,
      simulated(running.simulatorUrl) ?? configuredGateway(env),
      withLocalKey(env, home),
      async () => {},
    );
  if (!existsSync(join(home, 'postgres')))
    throw new UsageError(`There is no local database in ${home}: name one with --database, or make it with npm start.`);
  const postgres = await startPostgres({ dataDir: join(home, 'postgres') });
  const stateFile = join(home, 'simulated-stripe.sqlite');
  const simulator = existsSync(stateFile) && !env.STRIPE_API_KEY ? await startSimulator({ stateFile, apiKey: SIMULATED_KEY }) : null;
  const url = postgres.url(LOCAL_DATABASE);
  return opened(url, url, simulated(simulator?.url) ?? configuredGateway(env), withLocalKey(env, home), async () => {
    await simulator?.stop();
    await postgres.stop();
  });
}

function withLocalKey(env: Env, home: string): Env {
  return { PERENNIAL_MASTER_KEY: localMasterKey(home) ?? undefined, ...env };
}

async function opened(url: string, ownerUrl: string, stripe: Stripe | null, env: Env, stop: () => Promise<void>): Promise<Place> {
  try {
    const dataSource = await new DataSource(connectionOptions(url, CONNECTIONS)).initialize();
    const [{ migrated } = { migrated: false }] = await dataSource.query("select to_regclass('es.event') is not null as migrated");
    if (!migrated) {
      await dataSource.destroy();
      throw new UsageError('There is nothing of ours in this database yet: npm run cli -- migrate makes the tables.');
    }
    const close = async () => {
      await dataSource.destroy();
      await stop();
    };
    const accountKeys = () =>
      new AccountKeys(masterKeysOf(loadConfig({ DATABASE_URL: url, PERENNIAL_MASTER_KEY: env.PERENNIAL_MASTER_KEY })));
    return { database: new Database(dataSource), ownerUrl, stripe, accountKeys, close };
  } catch (error) {
    await stop();
    throw error;
  }
}

function simulated(url: string | null | undefined): Stripe | null {
  if (!url) return null;
  const { hostname, port } = new URL(url);
  return new Stripe(SIMULATED_KEY, { host: hostname, port: Number(port), protocol: 'http', telemetry: false });
}

function configuredGateway(env: Env): Stripe | null {
  if (!env.STRIPE_API_KEY) return null;
  const { stripe } = loadConfig({ DATABASE_URL: 'postgres://not-asked', ...env });
  const { apiKey, host, port, protocol } = stripe;
  return new Stripe(apiKey!, { host, port, protocol, telemetry: false });
}
