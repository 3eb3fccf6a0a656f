import type { AccountId } from '#kernel/ids.js';
import type { Keyring } from './account-keys.js';
import { type DeclaredFields, ERASED, withPersonal } from './declared-fields.js';
import { type Origin, personalInOrigin } from './origin.js';
import { seal, unseal } from './sealing.js';

/** Where data is stored: sealed for there, it opens nowhere else. */
export interface SealedAt {
  readonly accountId: AccountId | null;
  /** `{streamId}/{version}`, before the path of the field. */
  readonly place: string;
}

/** Stands for what came after the erasure, when there was no key left to seal it with. */
const NEVER_KEPT = '-';

/** The data as it is stored: what names a person can be read with the keys of the account only. */
export function sealed(fields: DeclaredFields, data: object, keyring: Keyring, { accountId, place }: SealedAt): object {
  if (fields.personal.length === 0) return data;
  return withPersonal(data, fields.personal, (value, { purpose, path }) =>
    sealedText(keyring, accountId, purpose, `${place}/${path}`, value),
  );
}

/** What was stored, as it can be read: a field whose key is erased has its placeholder. */
export function opened(fields: DeclaredFields, data: object, keyring: Keyring, { accountId, place }: SealedAt): object {
  if (fields.personal.length === 0) return data;
  return withPersonal(data, fields.personal, (value, { purpose, path, erased }) => {
    const key = keyring.key(accountId, purpose);
    if (!key || value === NEVER_KEPT) return erased;
    return JSON.parse(unseal(key, `${place}/${path}`, value as string));
  });
}

/** Data of a batch in which the fields without a key have their placeholders already, as they will be read: nothing else is shown of them. */
export function redacted(fields: DeclaredFields, data: object, keyring: Keyring, accountId: AccountId | null): object {
  if (fields.personal.every(({ purpose }) => keyring.key(accountId, purpose))) return data;
  return withPersonal(data, fields.personal, (value, { purpose, erased }) => (keyring.key(accountId, purpose) ? value : erased));
}

export function sealedOrigin(origin: Origin | null, keyring: Keyring, at: SealedAt): Origin | null {
  if (!namesPerson(origin)) return origin;
  const copy: { -readonly [Field in keyof Origin]: Origin[Field] } = { ...origin };
  for (const field of personalInOrigin) {
    const value = copy[field];
    if (value !== undefined) copy[field] = sealedText(keyring, at.accountId, 'person', `${at.place}/origin.${field}`, value);
  }
  return copy;
}

/** For whoever looks into one event: reading the log leaves the origin sealed, since nothing that follows from it asks. */
export function openedOrigin(origin: Origin | null, keyring: Keyring, { accountId, place }: SealedAt): Origin | null {
  if (!namesPerson(origin)) return origin;
  const key = keyring.key(accountId, 'person');
  const copy: { -readonly [Field in keyof Origin]: Origin[Field] } = { ...origin };
  for (const field of personalInOrigin) {
    const value = copy[field];
    if (value !== undefined)
      copy[field] = key && value !== NEVER_KEPT ? JSON.parse(unseal(key, `${place}/origin.${field}`, value)) : ERASED;
  }
  return copy;
}

export function namesPerson(origin: Origin | null): origin is Origin {
  return origin !== null && personalInOrigin.some((field) => origin[field] !== undefined);
}

function sealedText(keyring: Keyring, accountId: AccountId | null, purpose: 'person' | 'record', place: string, value: unknown): string {
  const key = keyring.key(accountId, purpose);
  return key ? seal(key, place, JSON.stringify(value)) : NEVER_KEPT;
}
