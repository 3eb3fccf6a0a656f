/** The smallest amount Stripe charges, in minor units. Source: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. */
const minimumCharges = new Map<string, number>([
  ['usd', 50],
  ['aed', 200],
  ['aud', 50],
  ['bgn', 100],
  ['brl', 50],
  ['cad', 50],
  ['chf', 50],
  ['czk', 1500],
  ['dkk', 250],
  ['eur', 50],
  ['gbp', 30],
  ['hkd', 400],
  ['huf', 17500],
  ['inr', 50],
  ['jpy', 50],
  ['mxn', 1000],
  ['myr', 200],
  ['nok', 300],
  ['nzd', 50],
  ['pln', 200],
  ['ron', 200],
  ['sek', 300],
  ['sgd', 50],
  ['thb', 1000],
]);

/** Eight digits; twelve of the rupiah. Same source. */
export function maximumCharge(currency: string): number {
  return currency === 'idr' ? 999_999_999_999 : 99_999_999;
}

/**
 * What every amount is a multiple of: 10 where there are three decimals, 100 where there are none and Stripe still counts two.
 * Source: docs.stripe.com/currencies, "Three-decimal currencies" and "Special cases".
 */
export function smallestStep(currency: string): number {
  if (['bhd', 'jod', 'kwd', 'omr', 'tnd'].includes(currency)) return 10;
  return ['isk', 'ugx'].includes(currency) ? 100 : 1;
}

/** Of a currency without a minimum in Stripe's list any amount above zero is taken. */
export function minimumCharge(currency: string): number {
  return minimumCharges.get(currency) ?? 1;
}

const known = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

export function isCurrency(code: string): boolean {
  return known.has(code);
}
