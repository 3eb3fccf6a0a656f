import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const poolSize = 4096;
let pool = randomBytes(poolSize);
let used = 0;

/** Random letters and digits. */
export function randomText(length: number): string {
  if (used + length > poolSize) {
    pool = randomBytes(poolSize);
    used = 0;
  }
  let text = '';
  for (let index = 0; index < length; index += 1) text += alphabet[(pool[used + index] ?? 0) % alphabet.length];
  used += length;
  return text;
}

export type IdPrefix = 'cus' | 'pm' | 'pi' | 'ch' | 're' | 'txn' | 'evt' | 'req';

let timeText = '';
let timeOf = 0;

/** Seven letters and digits that grow with time, so that new ids go to the end of the indexes instead of all over them. */
function timePrefix(): string {
  const now = Date.now();
  if (now !== timeOf) {
    timeOf = now;
    timeText = '';
    for (let rest = now; timeText.length < 7; rest = Math.floor(rest / 62)) timeText = alphabet[rest % 62] + timeText;
  }
  return timeText;
}

/** @returns an id as Stripe makes them, `pi_` and 24 letters and digits, of which the last 17 (7 of a customer's) are random. */
export function newObjectId(prefix: IdPrefix): string {
  return `${prefix}_${timePrefix()}${randomText(prefix === 'cus' || prefix === 'req' ? 7 : 17)}`;
}
