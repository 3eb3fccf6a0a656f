import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { defineRefusal } from '#kernel/refusal.js';
import { documentedHeader } from '../openapi/documented-header.js';
import { hashOf } from './canonical-json.js';
import { currentContext } from './request-context.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';

export const idempotencyKeyInvalid = defineRefusal({
  code: 'idempotency_key_invalid',
  kind: 'invalid',
  hint: 'An Idempotency-Key has 1 to 255 printable ASCII characters; a new UUID for each new request is best.',
});

/** What makes a repeated write the same write. */
export interface Idempotency {
  /** The caller's key within its principal: two principals never meet in one key. Another route under it is another request. */
  readonly key: string;
  /** SHA-256 in hex over method, address and body: the same key with another request is told apart by it. */
  readonly requestHash: string;
}

/** Reads the header, bare or as a quoted string (RFC 8941). Undefined when there is none. Refuses with `idempotency_key_invalid`. */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  const key = quoted === undefined ? header : quoted.replace(/\\(.)/g, '$1');
  if (!/^[\x20-\x7e]{1,255}$/.test(key) || key.trim() === '')
    throw idempotencyKeyInvalid('The Idempotency-Key is empty, too long or not printable.');
  return key;
}

export function idempotencyOf(request: Request, principal: string): Idempotency | undefined {
  const key = idempotencyKey(request.get('idempotency-key'));
  if (key === undefined) return undefined;
  const address = { method: request.method, path: request.path, query: request.query };
  return { key: `${principal} ${key}`, requestHash: hashOf({ ...address, body: request.body ?? null }) };
}

/** `@Idempotent() idempotency: Idempotency | undefined`, to be passed on with the command. */
export const Idempotent = createParamDecorator(
  (_: unknown, context: ExecutionContext): Idempotency | undefined => {
    const principal = currentContext()!.actorName;
    return idempotencyOf(context.switchToHttp().getRequest<Request>(), principal);
  },
  [documentedHeader({ name: IDEMPOTENCY_KEY, description: 'The same key: done once, and answered the same.' })],
);
