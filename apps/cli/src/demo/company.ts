import type { Company } from './companies.js';
import type { Seeded } from './seeded.js';

/** What the demo sells. Amounts in minor units of each currency. */
export const plans = [
  plan('starter', 'Starter', 'month', 0, { USD: 900, EUR: 900, GBP: 800, JPY: 1200, CHF: 900, KWD: 2900 }),
  plan('team', 'Team, per seat', 'month', 14, { USD: 1250, EUR: 1150, GBP: 990, JPY: 1800, CHF: 1200, KWD: 3900 }, 'perUnit'),
  plan('business', 'Business', 'month', 0, { USD: 9900, EUR: 9500, GBP: 8500, JPY: 14800, CHF: 9900, KWD: 30500 }),
  plan('business-yearly', 'Business, yearly', 'year', 0, { USD: 99000, EUR: 95000, GBP: 85000, JPY: 148000, CHF: 99000, KWD: 305000 }),
] as const;

function plan(
  code: string,
  name: string,
  unit: 'month' | 'year',
  trialDays: number,
  amounts: Record<string, number>,
  model: 'flat' | 'perUnit' = 'flat',
) {
  const termsOf = (amount: number) => (model === 'flat' ? { amount } : { unitAmount: String(amount) });
  const currencies = Object.fromEntries(Object.entries(amounts).map(([currency, amount]) => [currency, termsOf(amount)]));
  return {
    code,
    name,
    interval: { unit, count: 1 },
    trialDays,
    prices: [{ code: 'base', kind: 'recurring', model, billing: 'advance', taxBehavior: 'exclusive', currencies }],
  };
}

const places = [
  { currency: 'USD', country: 'US', timeZone: 'America/New_York' },
  { currency: 'EUR', country: 'DE', timeZone: 'Europe/Berlin' },
  { currency: 'GBP', country: 'GB', timeZone: 'Europe/London' },
  { currency: 'JPY', country: 'JP', timeZone: 'Asia/Tokyo' },
  { currency: 'CHF', country: 'CH', timeZone: 'Europe/Zurich' },
  { currency: 'KWD', country: 'KW', timeZone: 'Asia/Kuwait' },
] as const;

const names = [
  'Ada',
  'Blaise',
  'Chien-Shiung',
  'Dorothy',
  'Emmy',
  'Fei',
  'Grace',
  'Hedy',
  'Ibn',
  'Joan',
  'Katherine',
  'Lise',
  'Maryam',
  'Niels',
  'Omar',
  'Pāṇini',
];
const trades = [
  'Analytics',
  'Bakery',
  'Cycles',
  'Dental',
  'Energy',
  'Films',
  'Gardens',
  'Hotels',
  'Instruments',
  'Jewels',
  'Kitchens',
  'Labs',
];

export interface Customer {
  readonly account: Record<string, unknown> & { readonly email: string; readonly name: string; readonly currency: string };
  /** Whether its card lets itself be charged. */
  readonly pays: boolean;
  readonly planCode: string;
  readonly quantity: number;
  /** The month, from 0, in which the customer signs up. */
  readonly signsUpIn: number;
  /** The month in which the customer cancels, where it does. */
  readonly cancelsIn: number | null;
}

/** A customer with its own place, plan, card and plans for the future. About one card in fourteen declines. */
export function makeCustomer(random: Seeded, index: number, months: number, { example }: Company): Customer {
  const place = random.pick(places);
  const name = `${random.pick(names)} ${random.pick(trades)}`;
  const pays = !random.chance(0.07);
  const token = pays
    ? random.pick(['pm_card_visa', 'pm_card_mastercard'])
    : random.pick(['pm_card_chargeDeclined', 'pm_card_visa_chargeDeclinedInsufficientFunds']);
  const { code } = random.pick(plans);
  // The first one is there from the start: by it a company is known.
  const signsUpIn = index === 1 ? 0 : Math.min(random.below(months), random.below(months));
  return {
    account: { email: `customer${index}@${example}`, name, ...place, paymentMethod: { token }, metadata: { source: 'demo' } },
    pays,
    planCode: code,
    quantity: code === 'team' ? 1 + random.below(25) : 1,
    signsUpIn,
    cancelsIn: random.chance(0.2) ? signsUpIn + 1 + random.below(8) : null,
  };
}
