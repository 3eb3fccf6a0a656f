import type { Request, Response } from 'express';
import request from 'supertest';
import { instant } from '#kernel/instant.js';
import { issueApiKey } from '../auth/api-keys.js';
import type { Role } from '../http/request-context.js';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { QUEUE_BOARD_PATH } from './queue-board.js';
import { QueueBoardModule } from './queue-board.module.js';

let probe: ProbeApp;
beforeAll(async () => {
  const board = (_request: Request, response: Response) => void response.send('the board');
  probe = await startProbe({ imports: [QueueBoardModule.of({ queues: [], make: () => board })] });
});
afterAll(() => probe.app.close());

async function keyOf(role: Role): Promise<string> {
  const { text, record } = issueApiKey({ role, name: role }, instant('2026-01-01T00:00:00Z'));
  await probe.keys.add(record);
  return text;
}

const open = (authorization?: string, path = '') => {
  const asked = request(probe.app.getHttpServer()).get(`${QUEUE_BOARD_PATH}${path}`);
  return authorization ? asked.set('Authorization', authorization) : asked;
};

describe('The dashboard of the queues', () => {
  it('is shown to a Super Admin, by bearer token or as the password a browser asks for', async () => {
    const key = await keyOf('super_admin');
    await open(`Bearer ${key}`).expect(200, 'the board');
    await open(`Basic ${Buffer.from(`anybody:${key}`).toString('base64')}`).expect(200, 'the board');
  });

  it.each(['billing_admin', 'support_rep', 'finance_viewer'] as const)('is not shown to a %s', async (role) => {
    const { body } = await open(`Bearer ${await keyOf(role)}`).expect(403);
    expect(body).toMatchObject({ code: 'forbidden', status: 403 });
  });

  it('has no page that is open to others', async () => {
    await open(undefined, '/api/queues').expect(401);
    await open(undefined, '/static/main.js').expect(401);
    await open(`Bearer ${await keyOf('super_admin')}`, '/api/queues').expect(200);
  });

  it('asks whoever brings no key, or a wrong one, for it', async () => {
    for (const authorization of [undefined, 'Bearer pk_wrong', `Basic ${Buffer.from('ada:wrong').toString('base64')}`, 'Basic !']) {
      const { headers, body } = await open(authorization).expect(401);
      expect(headers['www-authenticate']).toContain('Basic realm=');
      expect(headers['content-type']).toContain('application/problem+json');
      expect(body.status).toBe(401);
    }
  });
});
