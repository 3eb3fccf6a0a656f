import { isDeepStrictEqual } from 'node:util';
import { type AccountId, derivedId, type PaymentMethodId } from '#kernel/ids.js';
import { type TimeZone, timeZone } from '#kernel/time-zone.js';
import type { Particulars, VerifiedPaymentMethod } from './account.events.js';
import { accountClosed, accountNotFound } from './account.refusals.js';
import type { Account, OpenAccount } from './account.state.js';

/** So many that no customer misses one, so few that an account can always be answered with all of them. */
export const MAX_PAYMENT_METHODS = 20;

/** Refuses unless the account can still be changed. Each state has its case: whatever asks for an open account has asked them all. */
export function openAccount(account: Account, accountId: AccountId): OpenAccount {
  switch (account.status) {
    case 'absent':
      throw accountNotFound(`There is no account ${accountId}.`);
    case 'open':
      return account;
    case 'closed':
    case 'erased':
      throw accountClosed(`The account ${accountId} is closed.`);
    default:
      return account satisfies never;
  }
}

/** The same method of the gateway is the same method of the account, however often it is added. */
export function paymentMethodIdOf(accountId: AccountId, { gateway }: VerifiedPaymentMethod): PaymentMethodId {
  return derivedId(accountId, `payment-method/${gateway.methodId}`);
}

/** Of what is wanted, only what is different from what is. */
export function realChanges(current: Particulars, wanted: Partial<Particulars>): Partial<Particulars> {
  const differing = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(plain(value), plain(current[name as keyof Particulars])),
  );
  return Object.fromEntries(differing);
}

/** What is stored is compared, not the classes that a request was read into. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/**
 * The time zone that a customer of this country most likely keeps: the country's own, the one most people there live in
 * where it has several, or UTC where nothing is known. Region data is that of the platform (CLDR).
 */
export function guessedTimeZone(country: string | null): TimeZone {
  if (country === null) return timeZone('UTC');
  const [only, ...others] = new Intl.Locale('und', { region: country }).getTimeZones() ?? [];
  return timeZone(mostPopulous[country] ?? (others.length === 0 ? only : undefined) ?? 'UTC');
}

const mostPopulous: Readonly<Record<string, string>> = {
  AR: 'America/Argentina/Buenos_Aires',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Kinshasa',
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  CY: 'Asia/Nicosia',
  DE: 'Europe/Berlin',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  FM: 'Pacific/Pohnpei',
  GL: 'America/Nuuk',
  ID: 'Asia/Jakarta',
  // The region data still has the older name.
  IN: 'Asia/Kolkata',
  KI: 'Pacific/Tarawa',
  KZ: 'Asia/Almaty',
  MH: 'Pacific/Majuro',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  NZ: 'Pacific/Auckland',
  PF: 'Pacific/Tahiti',
  PG: 'Pacific/Port_Moresby',
  PS: 'Asia/Gaza',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  US: 'America/New_York',
  UZ: 'Asia/Tashkent',
};
