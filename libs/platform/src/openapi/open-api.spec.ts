import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import request from 'supertest';
import { currencyMismatch } from '#kernel/money.js';
import { defineRefusal } from '#kernel/refusal.js';
import { Public } from '../auth/auth.guard.js';
import { IfMatch } from '../http/etag.js';
import { fieldCodes } from '../http/field-codes.js';
import { type Idempotency, Idempotent } from '../http/idempotency.js';
import { pageSchema } from '../http/page.js';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { MoneyView } from '../views/money-view.js';
import { ApiProblem } from './api-problem.js';
import { openApiDocument } from './open-api-document.js';

const probeRefused = defineRefusal({ code: 'probe_refused', kind: 'conflict', hint: 'Do not <probe>.' });

class Probe {
  @ApiProperty({ type: MoneyView, nullable: true, description: 'All of it.' })
  total!: MoneyView | null;
}

class NewProbe {
  @ApiProperty({ type: String, nullable: true, enum: ['small', 'large'] })
  @IsIn(['small', 'large'])
  size!: string | null;

  @ApiPropertyOptional({ type: 'integer', default: 1, description: 'How many.' })
  @IsOptional()
  count?: number;
}

@Controller('v1/probes')
class ProbeController {
  @Post()
  @ApiCreatedResponse({ type: Probe })
  @ApiProblem(probeRefused, currencyMismatch.definition.code)
  create(@Body() body: NewProbe): object {
    return body;
  }

  @Public()
  @Get()
  @ApiOkResponse({ type: pageSchema(Probe) })
  list(): object {
    return {};
  }
}

@Controller('v1/guarded')
class GuardedController {
  @Delete()
  @ApiOkResponse({ type: Probe })
  remove(@Idempotent() idempotency: Idempotency | undefined, @IfMatch() version: number | undefined): object {
    return { idempotency, version };
  }
}

@Controller('v1/wrong')
class WrongController {
  @Get()
  @ApiProblem('nobody_declares_this')
  get(): object {
    return {};
  }
}

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ controllers: [ProbeController, GuardedController] });
});
afterAll(() => probe.app.close());

const get = (path: string) => request(probe.app.getHttpServer()).get(path);

describe('The OpenAPI document', () => {
  it('is public and describes every operation with its problems', async () => {
    const { body } = await get('/docs/openapi.json').expect(200);
    const { post, get: list } = body.paths['/v1/probes'];
    expect(Object.keys(post.responses).sort()).toEqual(['201', '400', '401', '409', '413', '415', '422', '429', '500', '503']);
    expect(Object.keys(post.responses['409'].content['application/problem+json'].examples)).toEqual(['probe_refused']);
    expect(Object.keys(post.responses['422'].content['application/problem+json'].examples)).toEqual([
      'amount_too_large',
      'currency_mismatch',
      'name_repeated',
      'number_not_whole',
      'text_invalid',
      'validation_failed',
    ]);
    expect(post.responses['409'].content['application/problem+json'].examples.probe_refused.value).toMatchObject({
      status: 409,
      type: '/docs/problems#probe_refused',
    });
    expect(JSON.stringify(body)).not.toContain('"x-p');
    expect(body.security).toEqual([{ bearer: [] }]);
    expect(list.security).toEqual([]);
    expect(list.responses).not.toHaveProperty('401');
    expect(body.paths['/health'].get.security).toEqual([]);
  });

  it('has the schemas of money, pages and problems', async () => {
    const { body } = await get('/docs/openapi.json');
    expect(body.components.schemas.Money.properties.amount).toMatchObject({ type: 'integer', maximum: 9007199254740991 });
    expect(body.components.schemas.ProbePage.properties.data.items).toEqual({ $ref: '#/components/schemas/Probe' });
    expect(body.components.schemas.Problem.required).toContain('code');
    expect(body.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer', bearerFormat: 'pk_…' });
  });

  it('says that null is a value in the words of JSON Schema', async () => {
    const { body } = await get('/docs/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(body.components.schemas.Probe.properties.total).toEqual({
      description: 'All of it.',
      anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }],
    });
    expect(body.components.schemas.NewProbe.properties.size).toEqual({ type: ['string', 'null'], enum: ['small', 'large', null] });
  });

  it('closes what is asked for, and leaves open what is answered', async () => {
    const { body } = await get('/docs/openapi.json');
    expect(body.components.schemas.NewProbe.additionalProperties).toBe(false);
    expect(body.components.schemas.Probe).not.toHaveProperty('additionalProperties');
  });

  it('tells what counts for a field that is left out to people, and not to clients, which would send it', async () => {
    const { body } = await get('/docs/openapi.json');
    expect(body.components.schemas.NewProbe.properties.count).toEqual({ type: 'integer', description: 'How many. `1` when left out.' });
  });

  it('names the headers of each answer', async () => {
    const { body } = await get('/docs/openapi.json');
    const { delete: remove } = body.paths['/v1/guarded'];
    const named = (status: string) => Object.keys(remove.responses[status].headers).sort();
    expect(named('200')).toEqual(['ETag', 'Idempotent-Replayed', 'X-Correlation-Id', 'X-Request-Id']);
    expect(named('401')).toEqual(['WWW-Authenticate', 'X-Correlation-Id', 'X-Request-Id']);
    expect(named('503')).toEqual(['Retry-After', 'X-Correlation-Id', 'X-Request-Id']);
    expect(Object.keys(body.paths['/v1/probes'].post.responses['201'].headers)).toContain('Location');
    expect(Object.keys(body.components.headers)).toEqual(expect.arrayContaining(named('200')));
  });

  it('names the headers that an operation reads, with what can be wrong with them, and no others', async () => {
    const { body } = await get('/docs/openapi.json');
    const { delete: remove } = body.paths['/v1/guarded'];
    const headers = remove.parameters.map((parameter: { in: string; name: string; required: boolean }) => [
      parameter.in,
      parameter.name,
      parameter.required,
    ]);
    expect(headers.sort()).toEqual([
      ['header', 'Idempotency-Key', false],
      ['header', 'If-Match', false],
    ]);
    const codes = (status: number) => Object.keys(remove.responses[status].content['application/problem+json'].examples);
    expect(codes(409)).toEqual(['idempotency_key_in_use']);
    expect(codes(412)).toEqual(['version_conflict']);
    expect(codes(422)).toEqual(['idempotency_key_invalid', 'idempotency_key_reused', 'if_match_invalid', 'validation_failed']);
    expect(body.paths['/v1/probes'].post.parameters).toEqual([]);
  });

  it('is not made with a problem that nobody declares', async () => {
    const wrong = await startProbe({ controllers: [WrongController] });
    expect(() => openApiDocument(wrong.app)).toThrow('GET /v1/wrong documents the problem nobody_declares_this, which nobody declares.');
    await wrong.app.close();
  });
});

describe('The pages', () => {
  it('load nothing from elsewhere', async () => {
    const { text, headers } = await get('/docs').expect(200).expect('Content-Type', /html/);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(loaded).toContain('./docs/swagger-ui-bundle.js');
    expect(loaded.filter((address) => !address.startsWith('./') && !address.startsWith('#'))).toEqual([]);
    expect(text).not.toMatch(/<script>/);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    for (const address of loaded.filter((each) => each.startsWith('./'))) await get(address.slice(1)).expect(200);
  });

  it('list every code of a problem', async () => {
    const { text } = await get('/docs/problems').expect(200).expect('Content-Type', /html/);
    expect(text).toContain(
      '<tr id="probe_refused"><td><code>probe_refused</code></td><td>409</td><td>Probe refused</td><td>Do not &lt;probe&gt;.</td></tr>',
    );
    for (const code of Object.keys(fieldCodes)) expect(text).toContain(`id="field-${code}"`);
    for (const code of ['internal_error', 'api_key_missing', 'validation_failed', 'cursor_invalid']) expect(text).toContain(`id="${code}"`);
  });
});
