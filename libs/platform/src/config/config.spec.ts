import { Config, ConfigError, loadConfig } from './config.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

const least = { DATABASE_URL: 'postgres://app:secret@localhost:5432/perennial' };

describe('The configuration', () => {
  it('needs nothing but a database', () => {
    const config = loadConfig(least);
    expect(config).toBeInstanceOf(Config);
    expect(config).toMatchObject({
      port: 3000,
      databaseOwnerUrl: least.DATABASE_URL,
      redisUrl: null,
      jobLeaseSeconds: 60,
      usageRetentionMonths: 25,
      trustProxy: 0,
      corsOrigins: [],
      bodyLimitBytes: 1_048_576,
      graphqlIntrospection: true,
    });
  });

  it('reads every variable', () => {
    const config = loadConfig({
      ...least,
      PORT: '8080',
      DATABASE_OWNER_URL: 'postgresql://owner@localhost/perennial',
      REDIS_URL: 'redis://localhost:6379',
      PERENNIAL_MASTER_KEY: `${key(2)}, ${key(1)}`,
      JOB_LEASE_SECONDS: '5',
      USAGE_RETENTION_MONTHS: '36',
      STRIPE_API_KEY: 'sk_test_abcdef',
      STRIPE_HOST: '127.0.0.1',
      STRIPE_PORT: '12111',
      STRIPE_PROTOCOL: 'http',
      STRIPE_WEBHOOK_SECRET: 'whsec_oldoldold, whsec_newnewnew',
      LOG_LEVEL: 'debug',
      LOG_FILE: '/tmp/log',
      DATABASE_POOL_SIZE: '20',
      TRUST_PROXY: '10.0.0.0/8,loopback',
      CORS_ORIGINS: 'https://shop.example,http://localhost:5173,http://localhost:*',
      BODY_LIMIT: '512kb',
      GRAPHQL_INTROSPECTION: 'false',
    });
    expect(config).toMatchObject({
      port: 8080,
      jobLeaseSeconds: 5,
      usageRetentionMonths: 36,
      masterKeys: [Buffer.alloc(32, 2), Buffer.alloc(32, 1)],
      databaseOwnerUrl: 'postgresql://owner@localhost/perennial',
      stripe: { host: '127.0.0.1', port: 12111, protocol: 'http', webhookSecrets: ['whsec_oldoldold', 'whsec_newnewnew'] },
      trustProxy: ['10.0.0.0/8', 'loopback'],
      corsOrigins: ['https://shop.example', 'http://localhost:5173', 'http://localhost:*'],
      bodyLimitBytes: 524_288,
      graphqlIntrospection: false,
    });
    expect(loadConfig({ ...least, TRUST_PROXY: '2' }).trustProxy).toBe(2);
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig({ ...least, PORT: '', REDIS_URL: '' })).toMatchObject({ port: 3000, redisUrl: null });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'localhost:6379'],
    ['PERENNIAL_MASTER_KEY', 'short'],
    ['PERENNIAL_MASTER_KEY', Buffer.alloc(31).toString('base64')],
    ['PERENNIAL_MASTER_KEY', [key(1), key(2), key(3)].join()],
    ['JOB_LEASE_SECONDS', '2'],
    ['USAGE_RETENTION_MONTHS', '13'],
    ['STRIPE_API_KEY', 'pk_test_public'],
    ['STRIPE_PROTOCOL', 'ftp'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_oneoneone,whsec_twotwotwo,whsec_threethree'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_POOL_SIZE', '0'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/64'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'http://*'],
    ['CORS_ORIGINS', 'https://shop.example:*'],
    ['CORS_ORIGINS', 'https://shop.example/path'],
    ['BODY_LIMIT', '100mb'],
    ['GRAPHQL_INTROSPECTION', 'yes'],
  ])('refuses %s=%s', (variable, value) => {
    expect(() => loadConfig({ ...least, [variable]: value })).toThrow(new RegExp(`^${variable} must be [^\n]+\\.$`));
  });

  it('lists every bad variable with what is allowed, without repeating a value', () => {
    let refusal: unknown;
    try {
      loadConfig({ DATABASE_URL: 'hunter2', STRIPE_API_KEY: 'hunter2', PORT: '-1' });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ConfigError);
    expect((refusal as ConfigError).problems.map(({ variable }) => variable).sort()).toEqual(['DATABASE_URL', 'PORT', 'STRIPE_API_KEY']);
    expect((refusal as ConfigError).message).toContain('PORT must be a port, 0 to 65535.');
    expect((refusal as ConfigError).message).not.toContain('hunter2');
  });
});
