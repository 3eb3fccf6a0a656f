import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { idempotencyKeyInUse, idempotencyKeyReused } from '#event-sourcing/refusals.js';
import { PUBLIC_EXTENSION } from '../auth/auth.guard.js';
import { IF_MATCH, ifMatchInvalid, versionConflict } from '../http/etag.js';
import { amountTooLarge, nameRepeated, numberNotWhole, textInvalid } from '../http/exact-json.js';
import { IDEMPOTENCY_KEY, idempotencyKeyInvalid } from '../http/idempotency.js';
import { typeOf } from '../http/problem.js';
import { PROBLEMS_EXTENSION } from './api-problem.js';
import { type KnownProblem, knownProblems } from './known-problems.js';
import { headersReadBy, type Operation, operationsOf } from './operation.js';

/** What goes wrong with a header that an operation reads. */
const problemsOfHeader = new Map([
  [IDEMPOTENCY_KEY, [idempotencyKeyInvalid, idempotencyKeyReused, idempotencyKeyInUse]],
  [IF_MATCH, [ifMatchInvalid, versionConflict]],
]);

const example = { requestId: '019a9f3e-6d2c-7b11-9c1a-5f0e2b7c4d3a' };

/** Gives every operation its problem responses, and public ones no security. */
export function withProblemResponses(document: OpenAPIObject): OpenAPIObject {
  const known = new Map(knownProblems().map((problem) => [problem.code, problem]));
  for (const { name, operation } of operationsOf(document)) finish(operation, name, known);
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: problemSchema };
  return document;
}

function finish(operation: Operation, name: string, known: ReadonlyMap<string, KnownProblem>): void {
  const isPublic = operation[PUBLIC_EXTENSION] === true;
  const codes = new Set([...(operation[PROBLEMS_EXTENSION] ?? []), ...usualCodes(operation, isPublic)]);
  delete operation[PUBLIC_EXTENSION];
  delete operation[PROBLEMS_EXTENSION];
  if (isPublic) operation.security = [];
  for (const [status, problems] of Map.groupBy(problemsOf(codes, name, known), ({ status }) => status)) {
    const described = responseOf(status, problems);
    const own = operation.responses[status];
    // Not being ready has a form of its own, and can still fail as everything can.
    operation.responses[status] = own && 'content' in own ? { ...own, content: { ...own.content, ...described.content } } : described;
  }
}

function usualCodes(operation: Operation, isPublic: boolean): string[] {
  const codes = ['bad_request', 'internal_error', 'unavailable'];
  if (!isPublic) codes.push('api_key_missing', 'api_key_invalid', 'rate_limited');
  if (operation.requestBody)
    codes.push(
      'json_malformed',
      'body_too_large',
      'media_type_unsupported',
      ...[amountTooLarge, nameRepeated, numberNotWhole, textInvalid].map(({ definition }) => definition.code),
    );
  if (operation.requestBody || operation.parameters?.length) codes.push('validation_failed');
  for (const name of headersReadBy(operation)) codes.push(...(problemsOfHeader.get(name) ?? []).map(({ definition }) => definition.code));
  return codes;
}

function problemsOf(codes: ReadonlySet<string>, name: string, known: ReadonlyMap<string, KnownProblem>): KnownProblem[] {
  return [...codes].sort().map((code) => {
    const problem = known.get(code);
    if (!problem) throw new Error(`${name} documents the problem ${code}, which nobody declares.`);
    return problem;
  });
}

function responseOf(status: number, problems: readonly KnownProblem[]) {
  const examples = Object.fromEntries(problems.map((problem) => [problem.code, { value: exampleOf(problem) }]));
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: problems.map(({ code }) => code) } } }],
  };
  const description = `${STATUS_CODES[status] ?? status}: ${problems.map(({ code }) => `\`${code}\``).join(', ')}`;
  return { description, content: { 'application/problem+json': { schema, examples } } };
}

function exampleOf({ code, title, status, hint }: KnownProblem) {
  return { type: typeOf(code), title, status, code, detail: `${title}.`, hint, ...example };
}

const text = { type: 'string' };
const problemSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457). `code` is stable; all codes are listed at /docs/problems.',
  required: ['type', 'title', 'status', 'code', 'detail', 'hint', 'requestId'],
  properties: {
    type: { ...text, format: 'uri-reference', example: '/docs/problems#validation_failed' },
    title: text,
    status: { type: 'integer' },
    code: { ...text, example: 'validation_failed' },
    detail: text,
    hint: text,
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { ...text, example: '/prices/0/currencies/USD' },
          code: text,
          detail: text,
          in: { ...text, enum: ['query', 'path'] },
        },
      },
    },
  },
};
