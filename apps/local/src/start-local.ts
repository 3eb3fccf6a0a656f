import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { assertPortFree } from '#embedded/ports.js';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { migrate } from '#migrations/migrate.js';
import { type Config, loadConfig } from '#platform/config/config.js';
import { type Simulator, startSimulator } from '../../simulator/src/simulator.js';
import { UsageError } from '../../usage.js';
import { createDatabase } from './create-database.js';
import { keepSecrets, type Secrets, writePrivate, writeSecrets } from './secrets.js';
import { SIMULATED_KEY } from './simulated-key.js';

export interface LocalPlatform {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Null when a real Stripe is used. */
  readonly simulatorUrl: string | null;
  readonly home: string;
  stop(): Promise<void>;
}

/**
 * Starts everything on this machine: the database unless DATABASE_URL names one, migrations before anything listens, the
 * simulated Stripe unless STRIPE_API_KEY is given, then API and worker in one process. Writes `dev.json` for tools.
 */
export async function startLocal(env: NodeJS.ProcessEnv): Promise<LocalPlatform> {
  const { home, port } = checkedSettings(env);
  await assertPortFree(port);
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    // Loading the application takes as long as starting the database: both at once.
    const modules = loadModules();
    const postgres = env.DATABASE_URL ? null : await startPostgres({ dataDir: join(home, 'postgres') });
    if (postgres) started.push(() => postgres.stop());
    const databaseUrl = env.DATABASE_URL || (await embeddedDatabase(postgres!));
    await migrate(env.DATABASE_OWNER_URL || databaseUrl);
    const kept = keepSecrets(home);
    const simulator = env.STRIPE_API_KEY ? null : await simulate(home, port, kept);
    if (simulator) started.push(() => simulator.stop());
    const config = loadConfig({
      ...localEnvironment(env),
      PERENNIAL_MASTER_KEY: env.PERENNIAL_MASTER_KEY || kept.masterKey,
      DATABASE_URL: databaseUrl,
      ...(simulator && {
        STRIPE_API_KEY: SIMULATED_KEY,
        STRIPE_HOST: simulator.host,
        STRIPE_PORT: String(simulator.port),
        STRIPE_PROTOCOL: 'http',
        STRIPE_WEBHOOK_SECRET: kept.webhookSecret,
      }),
    });
    const { serve, ensureApiKey, showOnFrontPage } = await modules;
    const app: NestExpressApplication = await serve(config);
    started.push(() => app.close());
    const apiKey = await ensureApiKey(app, kept.apiKey);
    writeSecrets(home, { ...kept, apiKey });
    showOnFrontPage(app, { apiKey, parts: partsOf(config, { postgres, simulator, home }) });
    await app.listen(config.port, config.host);
    const baseUrl = `http://localhost:${config.port}`;
    const simulatorUrl = simulator?.url ?? null;
    writePrivate(join(home, 'dev.json'), { baseUrl, apiKey, simulatorUrl, databaseUrl });
    return { baseUrl, apiKey, simulatorUrl, home, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Before anything is started: what is wrong with the environment, in one sentence. */
function checkedSettings(env: NodeJS.ProcessEnv): { home: string; port: number } {
  const { home, port } = loadConfig({ ...localEnvironment(env), DATABASE_URL: env.DATABASE_URL || 'postgres://of-its-own' });
  // Any free port would do for a server, but not for a person who has to know the address.
  if (port === 0) throw new UsageError('PORT must be a port, 1 to 65535, that others can be told.');
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw new UsageError(`PERENNIAL_HOME must be a folder that this user may write to: ${(error as Error).message}.`);
  }
  return { home, port };
}

/** What the environment says, and on one's own machine goes without saying. */
export function localEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = resolve(env.PERENNIAL_HOME || '.perennial');
  return {
    HOST: '127.0.0.1',
    CORS_ORIGINS: 'http://localhost:*,http://127.0.0.1:*',
    LOG_FILE: join(home, 'logs', 'perennial.log'),
    DATABASE_POOL_SIZE: '20',
    ...env,
    PERENNIAL_HOME: home,
  };
}

/** One line for each part that runs. */
function partsOf(config: Config, own: { postgres: RunningPostgres | null; simulator: Simulator | null; home: string }) {
  return [
    { name: 'API and worker', what: `one process, Node ${process.versions.node}` },
    { name: 'Database', what: own.postgres ? 'a PostgreSQL of its own, which stops with the platform' : 'yours, that DATABASE_URL names' },
    { name: 'Stripe', what: own.simulator ? `simulated, at ${own.simulator.url}` : 'the real one, that STRIPE_API_KEY opens' },
    { name: 'Redis', what: config.redisUrl ? 'yours, that REDIS_URL names' : 'none: workers look for themselves' },
    { name: 'Data and log', what: own.home },
    { name: 'CORS', what: config.corsOrigins.join(', ') || 'no other origin may call' },
  ];
}

async function loadModules() {
  return import('./serve.js');
}

async function embeddedDatabase(postgres: RunningPostgres): Promise<string> {
  await createDatabase(postgres.url('postgres'), 'perennial');
  return postgres.url('perennial');
}

async function simulate(home: string, port: number, { webhookSecret }: Secrets): Promise<Simulator> {
  return startSimulator({
    stateFile: join(home, 'simulated-stripe.sqlite'),
    apiKey: SIMULATED_KEY,
    webhook: { url: `http://127.0.0.1:${port}/v1/webhooks/stripe`, secret: webhookSecret },
  });
}
