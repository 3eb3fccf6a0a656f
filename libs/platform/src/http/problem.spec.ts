import { gzipSync } from 'node:zlib';
import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Request } from 'express';
import request from 'supertest';
import { defineRefusal, type RefusalKind } from '#kernel/refusal.js';
import { Public } from '../auth/auth.guard.js';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { CurrentRequest, RequestContext } from './request-context.js';

const kinds: Record<RefusalKind, number> = {
  invalid: 422,
  'not-found': 404,
  conflict: 409,
  'in-progress': 409,
  stale: 412,
  forbidden: 403,
  unauthenticated: 401,
  unavailable: 503,
  'too-many': 429,
};
const refusals = new Map(
  Object.keys(kinds).map((kind) => [
    kind,
    defineRefusal({ code: `probe_${kind.replace('-', '_')}`, kind: kind as RefusalKind, hint: 'A hint.' }),
  ]),
);

@Controller('v1/webhooks')
class WebhookController {
  @Public()
  @Post('probe')
  @HttpCode(200)
  take(@Req() { rawBody, body }: Request): object {
    return { text: rawBody?.toString(), parsed: body !== undefined };
  }
}

@Controller('v1/probe')
class ProbeController {
  @Get('refusals/:kind')
  refuse(@Param('kind') kind: string): never {
    throw refusals.get(kind)!('No.', { pointer: '/field' });
  }

  @Get('exceptions/:name')
  fail(@Param('name') name: string): never {
    if (name === 'bad') throw new BadRequestException('Bad.');
    if (name === 'forbidden') throw new ForbiddenException('Forbidden.');
    if (name === 'conflict') throw new ConflictException('Conflict.');
    if (name === 'unavailable') throw new ServiceUnavailableException('db-7.internal is down');
    if (name === 'busy') throw new ServiceUnavailableException({ retryAfterSeconds: 29.5 });
    if (name === 'string') throw 'hunter2';
    throw new Error('hunter2 at db-7.internal');
  }

  @Post('bodies')
  take(@Body() body: unknown): unknown {
    return body;
  }

  @Get('context')
  context(@CurrentRequest() context: RequestContext) {
    return { requestId: context.requestId, correlationId: context.correlationId, actor: context.actor, name: context.actorName };
  }

  @Public()
  @Get('open')
  open(): string {
    return 'open';
  }

  @Public()
  @Get('open-but-curious')
  curious(@CurrentRequest() context: RequestContext): string {
    return context.actor.id;
  }
}

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ controllers: [ProbeController, WebhookController] }, { CORS_ORIGINS: 'https://shop.example' });
});
afterAll(() => probe.app.close());

const http = () => request(probe.app.getHttpServer());
const get = (path: string) => http().get(path).set('Authorization', probe.authorization);
const post = (body: string | Buffer, type = 'application/json') =>
  http().post('/v1/probe/bodies').set('Authorization', probe.authorization).set('Content-Type', type).send(body);

describe('A failure is answered as a problem document', () => {
  it.each(Object.entries(kinds))('for a refusal of the kind %s with %i', async (kind, status) => {
    const code = `probe_${kind.replace('-', '_')}`;
    const { body, headers } = await get(`/v1/probe/refusals/${kind}`).expect(status).expect('Content-Type', 'application/problem+json');
    expect(body).toEqual({
      type: `/docs/problems#${code}`,
      title: `Probe ${kind.replace('-', ' ')}`,
      status,
      code,
      detail: 'No.',
      hint: 'A hint.',
      requestId: headers['x-request-id'],
      errors: [{ pointer: '/field', code, detail: 'No.' }],
    });
    expect(headers['retry-after']).toBe(status === 503 || status === 429 ? '5' : undefined);
  });

  it.each([
    ['bad', 400, 'bad_request', 'Bad.'],
    ['forbidden', 403, 'forbidden', 'Forbidden.'],
    ['conflict', 409, 'bad_request', 'Conflict.'],
    ['unavailable', 503, 'unavailable', 'The server cannot answer this now.'],
  ])("for Nest's own exception %s", async (name, status, code, detail) => {
    const { body } = await get(`/v1/probe/exceptions/${name}`).expect(status);
    expect(body).toMatchObject({ code, detail, status });
  });

  it.each(['error', 'string'])('for what nobody expected (%s), telling nothing of it, but logging it', async (name) => {
    probe.logged.length = 0;
    const { text, body } = await get(`/v1/probe/exceptions/${name}`).expect(500);
    expect(body).toMatchObject({ code: 'internal_error', status: 500 });
    expect(text).not.toMatch(/hunter2|internal is|at .*\.ts/);
    const line = probe.logged.find(({ msg }) => msg === 'A request failed unexpectedly.');
    expect(line).toMatchObject({ level: 'error', requestId: body.requestId, err: { message: expect.any(String) } });
  });

  it('with the time to wait, where it is known', async () => {
    expect((await get('/v1/probe/exceptions/busy').expect(503)).headers['retry-after']).toBe('30');
  });

  it('for an address where nothing lives', async () => {
    const { body } = await get('/v1/nowhere?secret=hunter2').expect(404);
    expect(body).toMatchObject({ code: 'route_not_found', detail: 'There is nothing at /v1/nowhere.' });
  });

  it('for a method that the address does not take', async () => {
    const { body, headers } = await http().put('/v1/probe/bodies').set('Authorization', probe.authorization).expect(405);
    expect(body.code).toBe('method_not_allowed');
    expect(headers.allow).toBe('POST');
  });

  it('for an address that cannot be decoded', async () => {
    expect((await get('/v1/probe/refusals/%E0%A4%A').expect(400)).body.code).toBe('bad_request');
    expect((await get('/v1/probe/context?x=%00').expect(400)).body.code).toBe('bad_request');
  });
});

describe('A body', () => {
  it('of JSON is taken as it is', async () => {
    const text = '{"a":[1,-5,9007199254740991],"b":{"c":"ü"},"phone":"0123456789012345678"}';
    expect((await post(text).expect(201)).body).toEqual(JSON.parse(text));
  });

  it.each([
    ['cut off', '{"a":'],
    ['no JSON', 'hello'],
    ['a bare number', '12'],
    ['a bare text', '"text"'],
    ['null', 'null'],
    ['nested beyond sense', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`],
    ['nested beyond the stack', `${'['.repeat(300_000)}${']'.repeat(300_000)}`],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('that is %s is malformed', async (_, body) => {
    // A Buffer is sent as it is; superagent would serialize it for a JSON type otherwise.
    const { body: problem } = await post(body as string)
      .serialize((raw) => raw)
      .expect(400);
    expect(problem).toMatchObject({ code: 'json_malformed', requestId: expect.any(String) });
  });

  it('of two megabytes is too large', async () => {
    const { body } = await post(JSON.stringify({ a: 'x'.repeat(2 * 1024 * 1024) })).expect(413);
    expect(body.code).toBe('body_too_large');
  });

  it('that unpacks to two megabytes is too large', async () => {
    const packed = gzipSync(JSON.stringify({ a: 'x'.repeat(2 * 1024 * 1024) }));
    expect(packed.length).toBeLessThan(10_000);
    const { body } = await post(packed)
      .set('Content-Encoding', 'gzip')
      .serialize((raw) => raw)
      .expect(413);
    expect(body.code).toBe('body_too_large');
  });

  it('that another party signed is kept as its bytes', async () => {
    const text = '{"exchange_rate": 1.1234567890123456789, "text":"\\u0000"}';
    const { body } = await http().post('/v1/webhooks/probe').set('Content-Type', 'application/json').send(text).expect(200);
    expect(body).toEqual({ text, parsed: false });
  });

  it('of another media type or character set is refused', async () => {
    expect((await post('a=1', 'application/x-www-form-urlencoded').expect(415)).body.code).toBe('media_type_unsupported');
    expect((await post('{}', 'text/plain').expect(415)).body.code).toBe('media_type_unsupported');
    expect((await post('{}', 'application/json; charset=latin1').expect(415)).body.code).toBe('media_type_unsupported');
  });

  it.each([
    ['9007199254740992', '/a/1/amount'],
    ['-9007199254740993', '/a/1/amount'],
    ['123456789012345678901234567890', '/a/1/amount'],
  ])('with the number %s, which a double cannot keep, is refused where it stands', async (number, pointer) => {
    const { body } = await post(`{"a":[{"amount":1},{"amount":${number}}]}`).expect(422);
    expect(body).toMatchObject({ code: 'amount_too_large', errors: [{ pointer, code: 'amount_too_large' }] });
  });

  it('names every such place, with its pointer escaped', async () => {
    const { body } = await post('{"a/b":{"~":90071992547409930},"c":90071992547409930}').expect(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/a~1b/~0', '/c']);
  });

  it('with text that PostgreSQL cannot store is refused', async () => {
    const { body } = await post('{"a":"\\u0000","b":"\\ud800","c":"\\ud83d\\ude00"}').expect(422);
    expect(body.code).toBe('text_invalid');
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/a', '/b']);
  });
});

describe('A request', () => {
  it('keeps sane ids and has others replaced', async () => {
    const kept = await get('/v1/probe/context').set('X-Request-Id', 'req-1').set('X-Correlation-Id', 'order:7').expect(200);
    expect(kept.body).toMatchObject({ requestId: 'req-1', correlationId: 'order:7' });
    expect(kept.headers).toMatchObject({ 'x-request-id': 'req-1', 'x-correlation-id': 'order:7' });
    const replaced = await get('/v1/probe/context').set('X-Request-Id', 'a b"c').expect(200);
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(replaced.body.correlationId).toBe(replaced.headers['x-request-id']);
  });

  it('is logged by its template, with allow-listed fields only', async () => {
    probe.logged.length = 0;
    await get('/v1/probe/refusals/invalid?token=hunter2').set('Cookie', 'hunter2');
    const line = probe.logged.find(({ msg }) => msg === 'request answered');
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'request answered',
      method: 'GET',
      route: '/v1/probe/refusals/:kind',
      status: 422,
      durationMs: expect.any(Number),
      requestId: expect.any(String),
      correlationId: expect.any(String),
      actorId: expect.any(String),
    });
  });

  it('is logged even when its body cannot be read', async () => {
    probe.logged.length = 0;
    await post('{');
    expect(probe.logged).toContainEqual(
      expect.objectContaining({ msg: 'request answered', status: 400, route: '(none)', requestId: expect.any(String) }),
    );
  });
});

describe('A caller', () => {
  it('without a key is refused everywhere but where all are let in', async () => {
    const { body, headers } = await http().get('/v1/probe/context').expect(401);
    expect(body.code).toBe('api_key_missing');
    expect(headers['www-authenticate']).toBe('Bearer realm="perennial"');
    await http().get('/v1/probe/open').expect(200, 'open');
    expect((await http().get('/v1/probe/open-but-curious').expect(401)).body.code).toBe('api_key_missing');
  });

  it('with a key is known to the handler', async () => {
    const id = [...probe.keys.held.keys()][0];
    const { body } = await get('/v1/probe/context').expect(200);
    expect(body).toMatchObject({ actor: { kind: 'api-key', id, role: 'billing_admin' }, name: `api-key:${id}` });
  });

  it('meets the security headers, and CORS only from the origins that are allowed', async () => {
    const { headers } = await get('/v1/probe/context').set('Origin', 'https://shop.example');
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("script-src 'self'"),
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
    const other = await get('/v1/probe/context').set('Origin', 'https://evil.example');
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
