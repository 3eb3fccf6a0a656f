import request from 'supertest';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
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
    const { body } = await get('/health/ready').expect(503);
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
