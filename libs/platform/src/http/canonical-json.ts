import { createHash } from 'node:crypto';

/** The same text for the same JSON value, whatever the order of its names. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, inner: unknown) => (isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(byName)) : inner)) ??
    'null'
  );
}

/** SHA-256 of the canonical form, in hex. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
