import { timingSafeEqual } from 'node:crypto';
import { StripeFailure } from './stripe-failure.js';

/** Checks the key as Stripe takes it: `Authorization: Bearer sk_…` or Basic with the key as user name. */
export class Authorization {
  /** @param apiKey the one key that is accepted; without it any secret test key is. */
  constructor(private readonly apiKey: string | undefined) {}

  /** @throws StripeFailure 401 without a valid key. */
  check(header: string | undefined): void {
    const key = keyIn(header);
    if (key === null) {
      throw refused(
        'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth ' +
          "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      );
    }
    if (!this.accepts(key)) throw refused(`Invalid API Key provided: ${redacted(key)}`);
  }

  private accepts(key: string): boolean {
    if (this.apiKey === undefined) return /^(sk|rk)_test_/.test(key);
    const [given, expected] = [Buffer.from(key), Buffer.from(this.apiKey)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

function keyIn(header: string | undefined): string | null {
  const [, scheme, credentials] = /^(Bearer|Basic)\s+(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme === undefined || credentials === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return credentials;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] || null;
}

function redacted(key: string): string {
  return key.length < 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}

function refused(message: string): StripeFailure {
  return new StripeFailure(401, { type: 'invalid_request_error', message }, { executed: false });
}
