import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { defineRefusal } from '#kernel/refusal.js';
import { documentedHeader } from '../openapi/documented-header.js';

export const IF_MATCH = 'If-Match';

export const versionConflict = defineRefusal({
  code: 'version_conflict',
  kind: 'stale',
  hint: 'The resource has changed since it was read: fetch it again and repeat the request with its new ETag.',
});

export const ifMatchInvalid = defineRefusal({
  code: 'if_match_invalid',
  kind: 'invalid',
  hint: 'Send the ETag of the resource as it was answered, for example If-Match: "7".',
});

/** The entity tag of a stream's version: `"7"`. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * The version that an `If-Match` header asks for, or undefined for "any" (no header, or `*`).
 * If-Match compares strongly (RFC 9110, 13.1.1), so a weak tag matches nothing.
 */
export function expectedVersion(header: string | undefined): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '*') return undefined;
  const version = /^"(0|[1-9]\d{0,14})"$/.exec(text)?.[1];
  if (version !== undefined) return Number(version);
  if (/^W\/"[^"]*"$/.test(text)) throw versionConflict('A weak ETag never matches.', { hint: 'Send the strong ETag, without W/.' });
  // A tag that we never gave out is well-formed, but stale by definition.
  if (/^"[\x21\x23-\x7e]*"$/.test(text)) throw versionConflict('This ETag is not one of this resource.');
  throw ifMatchInvalid('The If-Match header is not one ETag.');
}

/** `@IfMatch() expectedVersion: number | undefined`, to be passed on with the command. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined =>
    expectedVersion(context.switchToHttp().getRequest<Request>().get('if-match')),
  [documentedHeader({ name: IF_MATCH, description: 'The ETag of the resource as it was read; 412 when it has changed since.' })],
);
