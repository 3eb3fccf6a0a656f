import { minorDigits } from './currency.js';
import type { Money } from './money.js';
import { defineRefusal } from './refusal.js';

export const localeUnknown = defineRefusal({
  code: 'locale_unknown',
  kind: 'invalid',
  hint: 'Give a language tag (BCP 47), for example de-DE or en-US.',
});

/** Reads a locale given from outside and brings it to its usual spelling (`DE-de` becomes `de-DE`). Refuses with `locale_unknown`. */
export function locale(text: string, pointer?: string): string {
  const canonical = canonicalLocale(text);
  if (!canonical) throw localeUnknown(`"${String(text).slice(0, 80)}" is not a known locale.`, { pointer });
  return canonical;
}

/**
 * An amount as people of that locale write it: `1.250,00 €` (de-DE), `¥1,250` (en-US). Exact for amounts of any size.
 * The spaces are those of the locale's typography, so often no-break ones. Refuses an unknown locale with `locale_unknown`.
 */
export function formatMoney(money: Money, localeTag: string): string {
  // A decimal string keeps every digit; a number would be rounded beyond 2^53.
  return formatter(localeTag, money).format(money.decimal() as Intl.StringNumericLiteral);
}

/** Making a formatter costs a hundred times as much as using it. */
const formatters = new Map<string, Intl.NumberFormat>();
const FORMATTERS_KEPT = 1000;

function formatter(localeTag: string, { currency }: Money): Intl.NumberFormat {
  const key = `${localeTag}/${currency}`;
  const known = formatters.get(key);
  if (known) return known;
  // Locales come from outside and there are endlessly many spellings, so what is kept has an end.
  if (formatters.size >= FORMATTERS_KEPT) formatters.clear();
  const digits = minorDigits(currency);
  const made = new Intl.NumberFormat(locale(localeTag), {
    style: 'currency',
    currency,
    // The locale data leaves out the decimals that people seldom write (HUF), and an invoice must show what is charged.
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formatters.set(key, made);
  return made;
}

function canonicalLocale(text: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text)[0];
  } catch {
    return undefined;
  }
}
