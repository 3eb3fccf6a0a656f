import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** The key of an account for one purpose: half of it encrypts, half of it makes the nonces. */
export interface SealingKey {
  readonly cipher: Buffer;
  readonly nonce: Buffer;
}

const HALF = 32;
export const KEY_BYTES = 2 * HALF;
const NONCE = 12;
const TAG = 16;

/** Tells how a text was sealed, so that another way can follow one day. */
const SCHEME = '1.';

export function sealingKey(bytes: Buffer): SealingKey {
  return { cipher: bytes.subarray(0, HALF), nonce: bytes.subarray(HALF, KEY_BYTES) };
}

/**
 * AES-256-GCM with a nonce that follows from the key, the place and the text: the same text at the same place is the same bytes,
 * whether it is stored alone or in a batch, and no nonce serves for two texts. `place` is where it belongs: elsewhere it does not open.
 */
export function seal(key: SealingKey, place: string, text: string): string {
  const nonce = createHmac('sha256', key.nonce).update(`${place}\n${text}`).digest().subarray(0, NONCE);
  return SCHEME + encrypt(key.cipher, nonce, place, Buffer.from(text)).toString('base64url');
}

/** Throws where the text was changed, moved, or sealed with another key. */
export function unseal(key: SealingKey, place: string, sealed: string): string {
  if (!sealed.startsWith(SCHEME)) throw new Error(`What is stored at ${place} is not sealed in a way that this version knows.`);
  return decrypt(key.cipher, place, Buffer.from(sealed.slice(SCHEME.length), 'base64url')).toString();
}

/** Encrypts a key with another one. */
export function wrap(master: Buffer, place: string, key: Buffer): Buffer {
  return encrypt(master, randomBytes(NONCE), place, key);
}

export function unwrap(master: Buffer, place: string, wrapped: Buffer): Buffer {
  return decrypt(master, place, wrapped);
}

function encrypt(key: Buffer, nonce: Buffer, place: string, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(place));
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

function decrypt(key: Buffer, place: string, stored: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(place))
    .setAuthTag(stored.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(stored.subarray(NONCE + TAG)), decipher.final()]);
}
