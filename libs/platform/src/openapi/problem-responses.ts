import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { idempotencyKeyInUse, idempotencyKeyReused } from '#event-sourcing/refusals.js';
import { PUBLIC_EXTENSION } from '../auth/auth.guard.js';
import { IF_MATCH, ifMatchInvalid, versionConflict } from '../http/etag.js';
import { IDEMPOTENCY_KEY, idempotencyKeyInvalid } from '../http/idempotency.js';
import { typeOf } from '../http/problem.js';
import { PROBLEMS_EXTENSION } from './api-problem.js';
import { type KnownProblem, knownProblems } from './known-problems.js';

/** What goes wrong with a header that an operation reads. */
const problemsOfHeader = new Map([
  [IDEMPOTENCY_KEY, [idempotencyKeyInvalid, idempotencyKeyReused, idempotencyKeyInUse]],
  [IF_MATCH, [ifMatchInvalid, versionConflict]],
]);

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { [PUBLIC_EXTENSION]?: boolean; [PROBLEMS_EXTENSION]?: string[] };

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;
const example = { requestId: '019a9f3e-6d2c-7b11-9c1a-5f0e2b7c4d3a' };

/** Gives every operation its problem responses, and public ones no security. */
export function withProblemResponses(document: OpenAPIObject): OpenAPIObject {
  const known = new Map(knownProblems().map((problem) => [problem.code, problem]));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) if (item[method]) finish(item[method], `${method.toUpperCase()} ${path}`, known);
  }
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
    operation.responses[status] ??= responseOf(status, problems);
  }
}

function usualCodes(operation: Operation, isPublic: boolean): string[] {
  const codes = ['internal_error'];
  if (!isPublic) codes.push('api_key_missing', 'api_key_invalid');
  if (operation.requestBody) codes.push('json_malformed', 'body_too_large', 'media_type_unsupported', 'amount_too_large');
  if (operation.requestBody || operation.parameters?.length) codes.push('validation_failed');
  const headers = operation.parameters?.flatMap((parameter) => ('in' in parameter && parameter.in === 'header' ? [parameter.name] : []));
  for (const name of headers ?? []) codes.push(...(problemsOfHeader.get(name) ?? []).map(({ definition }) => definition.code));
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
  const schema = { $ref: '#/components/schemas/Problem' };
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
