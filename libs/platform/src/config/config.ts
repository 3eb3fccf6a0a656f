import { isIP } from 'node:net';
import { z } from 'zod';

/** Everything an environment can set, read once when a process starts. */
export class Config {
  readonly port!: number;
  readonly host!: string;
  /** Where a laptop keeps its database, logs and caches. */
  readonly home!: string;
  readonly databaseUrl!: string;
  /** The role that owns the schema and runs migrations; the serving role may not. */
  readonly databaseOwnerUrl!: string;
  readonly databasePoolSize!: number;
  readonly redisUrl!: string | null;
  /** What wraps the keys of accounts. Two while one is being replaced: the first wraps. Empty where a process reads no person. */
  readonly masterKeys!: readonly Buffer[];
  /** After so long without a sign of life from its worker a job is taken over by another. */
  readonly jobLeaseSeconds!: number;
  /** How long usage events are kept; what they came to is kept for ever. */
  readonly usageRetentionMonths!: number;
  readonly stripe!: {
    readonly apiKey: string | null;
    readonly host: string;
    readonly port: number;
    readonly protocol: 'http' | 'https';
    /** Two while one is being rolled: a signature of either is accepted. */
    readonly webhookSecrets: readonly string[];
  };
  readonly logLevel!: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** A file for JSON lines; null is stdout. */
  readonly logFile!: string | null;
  /** The exact number of proxies in front, or their addresses: any other `X-Forwarded-For` is a caller's invention. */
  readonly trustProxy!: number | readonly string[];
  /** Pages of these origins may call. `http://localhost:*` is any port of the machine itself. */
  readonly corsOrigins!: readonly string[];
  readonly bodyLimitBytes!: number;
  readonly graphqlIntrospection!: boolean;

  constructor(values: Config) {
    Object.assign(this, values);
    Object.freeze(this);
  }
}

/** Thrown when a process must not start; says for every bad variable what is allowed, and never repeats a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly { readonly variable: string; readonly allowed: string }[]) {
    const sentences = problems.map(({ variable, allowed }) => `${variable} must be ${allowed}.`);
    super(
      sentences.length === 1
        ? sentences[0]
        : ['The configuration is not usable:', ...sentences.map((sentence) => `  ${sentence}`)].join('\n'),
    );
    this.name = 'ConfigError';
  }
}

const wholeNumber = (min: number, max: number, standard: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(standard);

const urlOf = (...protocols: string[]) => z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));

const listOf = <Item>(item: z.ZodType<Item, string>, max = 100) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).max(max));

const postgres = urlOf('postgres:', 'postgresql:');
const masterKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/)
  .transform((text) => Buffer.from(text, 'base64'));
const secret = z.string().regex(/^whsec_\S{8,}$/);
const variables = {
  PORT: wholeNumber(0, 65_535, 3000).describe('a port, 0 to 65535'),
  HOST: z.string().default('0.0.0.0').describe('an address or host name to listen on'),
  PERENNIAL_HOME: z.string().default('.perennial').describe('a folder'),
  DATABASE_URL: postgres.describe('a PostgreSQL URL, postgres://user:password@host:5432/database'),
  DATABASE_OWNER_URL: postgres.optional().describe('a PostgreSQL URL (the owner of the schema), or unset'),
  DATABASE_POOL_SIZE: wholeNumber(1, 500, 10).describe('a number of connections, 1 to 500'),
  REDIS_URL: urlOf('redis:', 'rediss:').optional().describe('a Redis URL, redis://host:6379, or unset'),
  PERENNIAL_MASTER_KEY: listOf(masterKey, 2)
    .default([])
    .describe('32 bytes in base64 (openssl rand -base64 32), or two of them separated by a comma, the new one first'),
  JOB_LEASE_SECONDS: wholeNumber(3, 600, 60).describe('a number of seconds, 3 to 600'),
  USAGE_RETENTION_MONTHS: wholeNumber(14, 1_200, 25).describe('a number of months, 14 to 1200'),
  STRIPE_API_KEY: z
    .string()
    .regex(/^(sk|rk)_\S{4,}$/)
    .optional()
    .describe('a secret or restricted key of Stripe (sk_… or rk_…), or unset'),
  STRIPE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/)
    .default('api.stripe.com')
    .describe('a host name without protocol or port'),
  STRIPE_PORT: wholeNumber(1, 65_535, 443).describe('a port, 1 to 65535'),
  STRIPE_PROTOCOL: z.enum(['http', 'https']).default('https').describe('http or https'),
  STRIPE_WEBHOOK_SECRET: listOf(secret, 2).default([]).describe('one or two signing secrets (whsec_…), separated by a comma, or unset'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('one of fatal, error, warn, info, debug, trace, silent'),
  LOG_FILE: z.string().optional().describe('a file, or unset for standard output'),
  TRUST_PROXY: z
    .union([wholeNumber(0, 10, 0), listOf(z.string().refine(isNetwork))])
    .describe('the number of proxies in front (0 to 10), or their addresses or networks (10.0.0.0/8), separated by commas'),
  CORS_ORIGINS: listOf(z.string().refine(isOrigin))
    .default([])
    .describe(
      'origins such as https://shop.example, separated by commas, without paths; * only as the port of localhost, http://localhost:*',
    ),
  BODY_LIMIT: z
    .string()
    .regex(/^\d{1,8}(kb|mb)?$/)
    .transform(bytesOf)
    .pipe(
      z
        .number()
        .min(1024)
        .max(16 * 1024 * 1024),
    )
    .default(1024 * 1024)
    .describe('a size from 1kb to 16mb, such as 512kb'),
  GRAPHQL_INTROSPECTION: z.enum(['true', 'false']).default('true').describe('true or false'),
};

/** Reads the configuration from an environment. An empty variable counts as unset. Throws ConfigError. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.keys(variables).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = z.object(variables).safeParse(given);
  if (!result.success) {
    const bad = new Set(result.error.issues.map((issue) => String(issue.path[0]) as keyof typeof variables));
    throw new ConfigError([...bad].map((variable) => ({ variable, allowed: variables[variable].description ?? 'valid' })));
  }
  const read = result.data;
  return new Config({
    port: read.PORT,
    host: read.HOST,
    home: read.PERENNIAL_HOME,
    databaseUrl: read.DATABASE_URL,
    databaseOwnerUrl: read.DATABASE_OWNER_URL ?? read.DATABASE_URL,
    databasePoolSize: read.DATABASE_POOL_SIZE,
    redisUrl: read.REDIS_URL ?? null,
    masterKeys: read.PERENNIAL_MASTER_KEY,
    jobLeaseSeconds: read.JOB_LEASE_SECONDS,
    usageRetentionMonths: read.USAGE_RETENTION_MONTHS,
    stripe: {
      apiKey: read.STRIPE_API_KEY ?? null,
      host: read.STRIPE_HOST,
      port: read.STRIPE_PORT,
      protocol: read.STRIPE_PROTOCOL,
      webhookSecrets: read.STRIPE_WEBHOOK_SECRET,
    },
    logLevel: read.LOG_LEVEL,
    logFile: read.LOG_FILE ?? null,
    trustProxy: read.TRUST_PROXY,
    corsOrigins: read.CORS_ORIGINS,
    bodyLimitBytes: read.BODY_LIMIT,
    graphqlIntrospection: read.GRAPHQL_INTROSPECTION === 'true',
  });
}

function bytesOf(text: string): number {
  const unit = text.endsWith('mb') ? 1024 * 1024 : text.endsWith('kb') ? 1024 : 1;
  return Number.parseInt(text, 10) * unit;
}

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function isOrigin(text: string): boolean {
  // A port of one's own machine is nobody else's; any other * would let strangers in.
  if (/^http:\/\/(localhost|127\.0\.0\.1):\*$/.test(text)) return true;
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
