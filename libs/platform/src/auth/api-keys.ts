import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '#kernel/instant.js';
import type { Role } from '../http/request-context.js';

/** What is kept of a key: enough to recognize it, not enough to use it. */
export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the 32 random bytes. A slow hash would protect guessable secrets only, and these are not. */
  readonly secretHash: Buffer;
  readonly role: Role;
  readonly name: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** Where keys are kept. */
export abstract class ApiKeys {
  abstract find(id: string): Promise<ApiKey | null>;
  abstract add(key: ApiKey): Promise<void>;
}

const KEY = /^pk_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;

/** A new key: the text is shown once, the record is stored. */
export function issueApiKey(wanted: { role: Role; name: string; expiresAt?: Instant }, now: Instant): { text: string; record: ApiKey } {
  const id = randomBytes(12).toString('hex');
  const secret = randomBytes(32);
  const { role, name, expiresAt = null } = wanted;
  const record = { id, secretHash: sha256(secret), role, name, createdAt: now, expiresAt, revokedAt: null };
  return { text: `pk_${id}_${secret.toString('base64url')}`, record };
}

/** The parts of a key's text, or null when it cannot be one. */
export function readApiKey(text: string): { id: string; secretHash: Buffer } | null {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id && secret ? { id, secretHash: sha256(Buffer.from(secret, 'base64url')) } : null;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
