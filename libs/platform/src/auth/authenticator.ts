import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { fromEpochMs } from '#kernel/instant.js';
import type { Actor } from '../http/request-context.js';
import { apiKeyInvalid, apiKeyMissing } from './api-key.refusals.js';
import { type ApiKey, ApiKeys, readApiKey } from './api-keys.js';

/** How long a revoked key may still be taken by a process that has just seen it. */
const CACHE_MS = 5_000;
/** Unknown ids are cached too, so that guessing does not reach the database; the bound keeps guessing from filling the memory. */
const CACHED_KEYS = 10_000;

/** Tells from the Authorization header who is asking; used by REST and GraphQL alike. */
@Injectable()
export class Authenticator {
  private readonly cache = new Map<string, { readonly found: Promise<ApiKey | null>; readonly untilMs: number }>();

  constructor(@Inject(ApiKeys) private readonly keys: ApiKeys) {}

  /** Refuses with `api_key_missing` or `api_key_invalid`. */
  async authenticate(authorization: string | undefined): Promise<Actor> {
    const text = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    if (text === undefined) throw apiKeyMissing('This needs an API key.');
    const given = readApiKey(text);
    if (!given) throw apiKeyInvalid('The API key is not valid.');
    const nowMs = Date.now();
    const known = await this.find(given.id, nowMs);
    // Unknown ids take the same comparison, so that the time tells nothing about which ids exist.
    const matches = timingSafeEqual(given.secretHash, known?.secretHash ?? Buffer.alloc(32));
    if (!known || !matches || !isLive(known, nowMs)) throw apiKeyInvalid('The API key is not valid.');
    return { kind: 'api-key', id: known.id, role: known.role };
  }

  private find(id: string, nowMs: number): Promise<ApiKey | null> {
    const cached = this.cache.get(id);
    if (cached && cached.untilMs > nowMs) return cached.found;
    if (this.cache.size >= CACHED_KEYS) this.cache.clear();
    const found = this.keys.find(id);
    this.cache.set(id, { found, untilMs: nowMs + CACHE_MS });
    // A failed look-up is no knowledge about the key.
    found.catch(() => this.cache.delete(id));
    return found;
  }
}

function isLive(key: ApiKey, nowMs: number): boolean {
  const now = fromEpochMs(nowMs);
  return (key.expiresAt === null || key.expiresAt > now) && (key.revokedAt === null || key.revokedAt > now);
}
