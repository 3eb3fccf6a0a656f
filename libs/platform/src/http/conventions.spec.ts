import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import request from 'supertest';
import { newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { issueApiKey } from '../auth/api-keys.js';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { Answered, recorded, resource } from './answer.js';
import { expectedVersion, IfMatch } from './etag.js';
import { Optional } from './field-rule.js';
import { type Idempotency, Idempotent, idempotencyKey } from './idempotency.js';
import { PageRequest, pageOf, pageWindow } from './page.js';
import { IsText } from './text-validators.js';

class List extends PageRequest {
  @Optional()
  @IsText({ max: 10 })
  color?: string;
}

// Three share an instant each, so that only the id tells them apart.
const rows = Array.from({ length: 25 }, (_, i) => ({
  id: newId(),
  createdAt: fromEpochMs(1_700_000_000_000 + Math.floor(i / 3)),
  number: i,
}));
rows.sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));

@Controller('v1/things')
class ThingsController {
  @Get()
  list(@Query() { limit, cursor, color }: List) {
    const window = pageWindow({ limit, cursor }, { list: 'things', color });
    const from = window.after ? rows.findIndex(({ createdAt, id }) => createdAt + id > window.after!.createdAt + window.after!.id) : 0;
    return pageOf(
      rows.slice(from, from + window.fetch),
      window,
      (row) => row,
      ({ id }) => ({ id }),
    );
  }

  @Post()
  create(): Answered {
    return resource({ made: true }, 1, 201);
  }

  @Patch(':id')
  change(@Param('id') id: string, @IfMatch() version: number | undefined): Answered {
    return resource({ id, version: version ?? null }, 8);
  }

  @Post(':id/pause')
  @HttpCode(200)
  pause(@Idempotent() idempotency: Idempotency | undefined, @Body() _body: object): object {
    return idempotency ?? { none: true };
  }

  @Post('replayed')
  replay(): Answered {
    return recorded({ status: 202, headers: { ETag: '"3"' }, body: { again: true } }, true);
  }
}

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ controllers: [ThingsController] });
});
afterAll(() => probe.app.close());

const http = () => request(probe.app.getHttpServer());
const get = (path: string) => http().get(path).set('Authorization', probe.authorization);

describe('An ETag', () => {
  it('is the version of the stream', async () => {
    const { headers, body } = await http().post('/v1/things').set('Authorization', probe.authorization).expect(201);
    expect(headers.etag).toBe('"1"');
    expect(body).toEqual({ made: true });
  });

  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"7"', 7],
    [' "0" ', 0],
  ])('in If-Match as %p asks for version %p', (header, version) => {
    expect(expectedVersion(header)).toBe(version);
  });

  it.each([
    ['W/"7"', 'version_conflict'],
    ['"abc"', 'version_conflict'],
    ['"07"', 'version_conflict'],
    ['"99999999999999999999"', 'version_conflict'],
    ['7', 'if_match_invalid'],
    ['"7", "8"', 'if_match_invalid'],
    ['"7', 'if_match_invalid'],
    ['', 'if_match_invalid'],
  ])('in If-Match as %p is refused with %s', (header, code) => {
    expect(() => expectedVersion(header)).toThrow(expect.objectContaining({ code }));
  });

  it('reaches the handler, or is answered as stale', async () => {
    const patch = (tag: string) => http().patch('/v1/things/1').set('Authorization', probe.authorization).set('If-Match', tag);
    const { headers, body } = await patch('"7"').expect(200);
    expect([headers.etag, body.version]).toEqual(['"8"', 7]);
    expect((await patch('W/"7"').expect(412)).body.code).toBe('version_conflict');
  });
});

describe('An idempotency key', () => {
  const pause = (
    key: string | undefined,
    body: object = { a: 1, b: 2 },
    path = '/v1/things/1/pause',
    authorization = probe.authorization,
  ) => {
    const asked = http().post(path).set('Authorization', authorization).send(body);
    return key === undefined ? asked : asked.set('Idempotency-Key', key);
  };

  it('may be left out', async () => {
    expect((await pause(undefined).expect(200)).body).toEqual({ none: true });
  });

  it('is the same bare or quoted, and its hash is over content, not order', async () => {
    const first = (await pause('k-1').expect(200)).body as Idempotency;
    expect(first.key).toMatch(/^api-key:[0-9a-f]{24} k-1$/);
    expect(first.requestHash).toMatch(/^[0-9a-f]{64}$/);
    expect((await pause('"k-1"', { b: 2, a: 1 })).body).toEqual(first);
  });

  it('tells other bodies, other addresses and other principals apart', async () => {
    const first = (await pause('k-1')).body as Idempotency;
    for (const other of [
      await pause('k-1', { a: 1 }),
      await pause('k-1', { a: 1, b: 2 }, '/v1/things/2/pause'),
      await pause('k-1', { a: 1, b: 2 }, '/v1/things/1/pause?x=1'),
    ]) {
      expect(other.body.key).toBe(first.key);
      expect(other.body.requestHash).not.toBe(first.requestHash);
    }
    const { text, record } = issueApiKey({ role: 'super_admin', name: 'other' }, fromEpochMs(0));
    await probe.keys.add(record);
    expect((await pause('k-1', undefined, undefined, `Bearer ${text}`)).body.key).not.toBe(first.key);
  });

  it('has 1 to 255 printable characters', async () => {
    expect(idempotencyKey('x'.repeat(255))).toHaveLength(255);
    expect(idempotencyKey('"a \\"b\\""')).toBe('a "b"');
    for (const bad of ['', ' ', '""', 'x'.repeat(256), 'tab\there', 'ümlaut']) {
      expect(() => idempotencyKey(bad)).toThrow(expect.objectContaining({ code: 'idempotency_key_invalid' }));
    }
    expect((await pause('x'.repeat(256)).expect(422)).body.code).toBe('idempotency_key_invalid');
  });

  it('that was known is answered with what was recorded', async () => {
    const { headers, body } = await http().post('/v1/things/replayed').set('Authorization', probe.authorization).expect(202);
    expect(headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"3"' });
    expect(body).toEqual({ again: true });
  });
});

describe('A list', () => {
  it('is walked from the first to the last row by its cursors, each row once', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: { data: { id: string }[]; nextCursor: string | null } = (
        await get(`/v1/things?limit=4${next && `&cursor=${next}`}`).expect(200)
      ).body;
      seen.push(...page.data.map(({ id }) => id));
      next = page.nextCursor;
    }
    expect(seen).toEqual(rows.map(({ id }) => id));
  });

  it('has 20 rows when nobody says how many, and its end is no page of its own', async () => {
    expect((await get('/v1/things')).body.data).toHaveLength(20);
    expect((await get('/v1/things?limit=25')).body).toMatchObject({ nextCursor: null });
    expect((await get('/v1/things?limit=24')).body.nextCursor).not.toBeNull();
  });

  it.each(['0', '101', '-1', '1.5', 'x', '1e1', ''])('refuses the limit %p', async (limit) => {
    const { body } = await get(`/v1/things?limit=${limit}`).expect(422);
    expect(body).toMatchObject({ code: 'limit_invalid', errors: [{ pointer: '/limit' }] });
  });

  it("refuses a cursor of another filter, or of somebody's making", async () => {
    const { nextCursor } = (await get('/v1/things?limit=1&color=red')).body;
    await get(`/v1/things?limit=1&color=red&cursor=${nextCursor}`).expect(200);
    const made = [
      Buffer.from('{}').toString('base64url'),
      Buffer.from('["x","y","z"]').toString('base64url'),
      'x',
      '',
      nextCursor.slice(0, -4),
    ];
    for (const cursor of made) expect((await get(`/v1/things?color=red&cursor=${cursor}`).expect(422)).body.code).toBe('cursor_invalid');
    expect((await get(`/v1/things?color=blue&cursor=${nextCursor}`).expect(422)).body.code).toBe('cursor_invalid');
  });
});
