import { fromEpochMs, instant } from '#kernel/instant.js';
import type { Role } from '../http/request-context.js';
import { HeldApiKeys } from '../testing/probe-app.js';
import { type ApiKey, issueApiKey, readApiKey } from './api-keys.js';
import { Authenticator } from './authenticator.js';

const now = instant('2026-01-01T00:00:00Z');
const past = instant('2026-01-02T00:00:00Z');
const future = fromEpochMs(Date.now() + 3_600_000);

async function held(change: Partial<ApiKey> = {}, role: Role = 'finance_viewer') {
  const keys = new HeldApiKeys();
  const { text, record } = issueApiKey({ role, name: 'a key' }, now);
  await keys.add({ ...record, ...change });
  return { keys, text, record, authenticator: new Authenticator(keys) };
}

describe('An API key', () => {
  it('is its id and 32 random bytes, of which only the hash is kept', () => {
    const { text, record } = issueApiKey({ role: 'super_admin', name: 'a key' }, now);
    expect(text).toMatch(/^pk_[0-9a-f]{24}_[A-Za-z0-9_-]{43}$/);
    expect(readApiKey(text)).toEqual({ id: record.id, secretHash: record.secretHash });
    expect(record.secretHash).toHaveLength(32);
    expect(JSON.stringify(record)).not.toContain(text.slice(28));
    expect(issueApiKey({ role: 'super_admin', name: 'a key' }, now).text).not.toBe(text);
  });

  it('proves who is asking', async () => {
    const { authenticator, text, record } = await held();
    await expect(authenticator.authenticate(`Bearer ${text}`)).resolves.toEqual({ kind: 'api-key', id: record.id, role: 'finance_viewer' });
    await expect(authenticator.authenticate(`bearer ${text}`)).resolves.toMatchObject({ id: record.id });
  });

  it.each([undefined, '', 'Bearer', 'Basic dXNlcjpwYXNz'])('is missing from %p', async (header) => {
    const { authenticator } = await held();
    await expect(authenticator.authenticate(header)).rejects.toMatchObject({ code: 'api_key_missing' });
  });

  it('is refused with another secret, an unknown id, or another form', async () => {
    const { authenticator, text } = await held();
    const other = issueApiKey({ role: 'super_admin', name: 'other' }, now).text;
    for (const wrong of [other, text.slice(0, 28) + other.slice(28), `${text}x`, 'pk_1_2', text.toUpperCase()]) {
      await expect(authenticator.authenticate(`Bearer ${wrong}`)).rejects.toMatchObject({ code: 'api_key_invalid' });
    }
  });

  it('is refused once it has expired or was revoked, and not before', async () => {
    for (const change of [{ expiresAt: past }, { revokedAt: past }]) {
      const { authenticator, text } = await held(change);
      await expect(authenticator.authenticate(`Bearer ${text}`)).rejects.toMatchObject({ code: 'api_key_invalid' });
    }
    const { authenticator, text } = await held({ expiresAt: future });
    await expect(authenticator.authenticate(`Bearer ${text}`)).resolves.toMatchObject({ role: 'finance_viewer' });
  });

  it('is looked up once for many requests, unknown ones too', async () => {
    const { authenticator, keys, text } = await held();
    await authenticator.authenticate(`Bearer ${text}`);
    await authenticator.authenticate(`Bearer ${text}`);
    expect(keys.lookups).toBe(1);
    const unknown = issueApiKey({ role: 'super_admin', name: 'unknown' }, now).text;
    await expect(authenticator.authenticate(`Bearer ${unknown}`)).rejects.toThrow();
    await expect(authenticator.authenticate(`Bearer ${unknown}`)).rejects.toThrow();
    expect(keys.lookups).toBe(2);
  });

  it('is looked up again after a look-up that failed', async () => {
    const { authenticator, keys, text } = await held();
    const find = keys.find.bind(keys);
    keys.find = () => Promise.reject(new Error('The database is away.'));
    await expect(authenticator.authenticate(`Bearer ${text}`)).rejects.toThrow('The database is away.');
    keys.find = find;
    await expect(authenticator.authenticate(`Bearer ${text}`)).resolves.toMatchObject({ role: 'finance_viewer' });
  });
});
