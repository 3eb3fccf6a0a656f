import request from 'supertest';
import { instant } from '#kernel/instant.js';
import { issueApiKey } from '../auth/api-keys.js';
import type { Role } from '../http/request-context.js';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { Concerns } from './concerns.js';
import { Readiness } from './readiness.js';

let probe: ProbeApp;
beforeEach(async () => {
  probe = await startProbe({});
});
afterEach(() => probe.app.close());

const get = (path: string) => request(probe.app.getHttpServer()).get(path);

describe('Health', () => {
  it('is answered without a key and without asking anything of anybody', async () => {
    probe.app.get(Readiness).register({ name: 'database', waitingFor: () => Promise.reject(new Error('away')) });
    await get('/health').expect(200, { status: 'alive' });
  });

  it('is ready when nothing is waited for', async () => {
    probe.app.get(Readiness).register({ name: 'database', waitingFor: async () => null });
    const { body } = await get('/health/ready').expect(200);
    expect(body).toEqual({ status: 'ready', checks: [{ name: 'database', ready: true, waitingFor: null }] });
  });

  it('says what is waited for, and nothing of why', async () => {
    const readiness = probe.app.get(Readiness);
    readiness.register({ name: 'migrations', waitingFor: async () => 'Migrations are pending.' });
    readiness.register({ name: 'redis', waitingFor: () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7')) });
    readiness.register({ name: 'readers', waitingFor: () => new Promise<null>(() => {}) });
    const { body } = await get('/health/ready').expect(503).expect('Retry-After', '5');
    expect(body).toEqual({
      status: 'waiting',
      checks: [
        { name: 'migrations', ready: false, waitingFor: 'Migrations are pending.' },
        { name: 'redis', ready: false, waitingFor: 'redis does not answer.' },
        { name: 'readers', ready: false, waitingFor: 'readers does not answer within 2000 ms.' },
      ],
    });
  });
});

async function getAs(role: Role, path: string): Promise<request.Test> {
  const { text, record } = issueApiKey({ role, name: 'spec' }, instant('2026-01-01T00:00:00Z'));
  await probe.keys.add(record);
  return get(path).set('Authorization', `Bearer ${text}`);
}

function registerConcerns(): void {
  const concerns = probe.app.get(Concerns);
  const parked = { count: 2, shown: [{ accountId: 'a' }, { accountId: 'b' }] };
  concerns.register({ name: 'parked_accounts', description: 'Accounts that\nstand still.', look: async () => parked });
  concerns.register({ name: 'stopped_buckets', description: 'Buckets.', look: async () => ({ count: 0, shown: [] }) });
}

describe('What a person has to look at', () => {
  beforeEach(registerConcerns);

  it('is in the details of the health, for a Super Admin only', async () => {
    probe.app.get(Readiness).register({ name: 'redis', waitingFor: async () => 'Redis is away.' });
    const { body, status, headers } = await getAs('super_admin', '/health/details');
    expect({ status, cache: headers['cache-control'] }).toEqual({ status: 200, cache: 'no-store' });
    expect(body).toEqual({
      status: 'waiting',
      checks: [{ name: 'redis', ready: false, waitingFor: 'Redis is away.' }],
      concerns: [
        {
          ...{ name: 'parked_accounts', description: 'Accounts that\nstand still.', count: 2 },
          shown: [{ accountId: 'a' }, { accountId: 'b' }],
        },
        { name: 'stopped_buckets', description: 'Buckets.', count: 0, shown: [] },
      ],
    });
    expect((await get('/health/details').expect(401)).body.code).toBe('api_key_missing');
    for (const role of ['billing_admin', 'support_rep', 'finance_viewer'] as const) {
      expect(await getAs(role, '/health/details')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  it('keeps nobody from being served, and is not told to everybody', async () => {
    const { body } = await get('/health/ready').expect(200);
    expect(body).toEqual({ status: 'ready', checks: [] });
  });

  it('is counted as gauges for Prometheus, for whoever has a key', async () => {
    await get('/metrics').expect(401);
    const { status, text, headers } = await getAs('finance_viewer', '/metrics');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(text).toBe(
      [
        '# HELP perennial_parked_accounts Accounts that\\nstand still.',
        '# TYPE perennial_parked_accounts gauge',
        'perennial_parked_accounts 2',
        '# HELP perennial_stopped_buckets Buckets.',
        '# TYPE perennial_stopped_buckets gauge',
        'perennial_stopped_buckets 0',
        '',
      ].join('\n'),
    );
  });
});
