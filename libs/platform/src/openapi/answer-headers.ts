import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { IDEMPOTENCY_KEY } from '../http/idempotency.js';
import { headersReadBy, type NamedOperation, operationsOf } from './operation.js';

const text = { type: 'string' };

const headers = {
  ETag: {
    description: 'The version of the resource, to be sent back as `If-Match`.',
    required: true,
    schema: { ...text, pattern: '^"(?:0|[1-9]\\d*)"$', example: '"7"' },
  },
  Location: { description: 'The address of what was created.', required: true, schema: { ...text, format: 'uri-reference' } },
  'Idempotent-Replayed': {
    description: '`true` where the answer is that of an earlier request with the same `Idempotency-Key`; nothing was done again.',
    schema: { ...text, enum: ['true'] },
  },
  'Retry-After': {
    description: 'So many seconds later it is worth asking again.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 6750).', required: true, schema: text },
  'X-Request-Id': {
    description: 'Of this request: yours, where you sent one in `X-Request-Id`. Name it when you report something.',
    required: true,
    schema: { ...text, pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
  'X-Correlation-Id': {
    description: 'Of all that follows from this request: yours, where you sent one in `X-Correlation-Id`, else the request id.',
    required: true,
    schema: { ...text, pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
};

type HeaderName = keyof typeof headers;

/** Says of every answer which headers it has. Whether that is so is found out wherever a test gets an answer. */
export function withAnswerHeaders(document: OpenAPIObject): OpenAPIObject {
  for (const named of operationsOf(document)) {
    for (const [status, answer] of Object.entries(named.operation.responses)) {
      if (!answer || '$ref' in answer) continue;
      answer.description ||= STATUS_CODES[status]!;
      const names = headersOf(named, Number(status));
      answer.headers = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
    }
  }
  document.components = { ...document.components, headers };
  return document;
}

function headersOf(named: NamedOperation, status: number): HeaderName[] {
  const own: HeaderName[] = [];
  const isCommand = headersReadBy(named.operation).includes(IDEMPOTENCY_KEY);
  if (status < 300 && (isCommand || readsOne(named))) own.push('ETag');
  if (status === 201) own.push('Location');
  if (status < 300 && isCommand) own.push('Idempotent-Replayed');
  if (status === 429 || status === 503) own.push('Retry-After');
  if (status === 401) own.push('WWW-Authenticate');
  return [...own, 'X-Request-Id', 'X-Correlation-Id'];
}

/** `GET /v1/accounts/{id}` answers one resource, which has a version; what is listed below it has not. */
function readsOne({ name }: NamedOperation): boolean {
  return name.startsWith('GET ') && name.endsWith('}');
}
