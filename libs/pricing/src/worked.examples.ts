import { packaged, percentage, perUnit, tiered } from './price.examples.js';
import type { AgreedPrice, Tier } from './price.js';

// What other billing systems publish that their prices come to. Amounts are in cents.

const fonts: Tier[] = [
  { upTo: '5', unitAmount: '700' },
  { upTo: '10', unitAmount: '650' },
  { upTo: null, unitAmount: '600' },
];
const rateCard: Tier[] = [
  { upTo: '1000', unitAmount: '10' },
  { upTo: '10000', unitAmount: '5' },
  { upTo: null, unitAmount: '1' },
];
const requests: Tier[] = [
  { upTo: '1000', unitAmount: '1' },
  { upTo: '10000', unitAmount: '0.8' },
  { upTo: null, unitAmount: '0.5' },
];
const callsWithFee: Tier[] = [
  { upTo: '10000', unitAmount: '0.10', flatAmount: '1000' },
  { upTo: '50000', unitAmount: '0.08', flatAmount: '1000' },
  { upTo: '100000', unitAmount: '0.06', flatAmount: '1000' },
  { upTo: null, unitAmount: '0.04', flatAmount: '1000' },
];
const documents: Tier[] = [
  { upTo: '100', unitAmount: '100' },
  { upTo: null, unitAmount: '50' },
];
const bulk: Tier[] = [
  { upTo: '10', unitAmount: '50' },
  { upTo: null, unitAmount: '40' },
];
const tenAt80Cents = packaged({ packageSize: '10', packageAmount: '80' });
const transfers = { rate: '1.3', fixedAmount: '200' };
const fourTransfers = ['5000', '10000', '25000', '40000'];

const STRIPE = 'https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing';
const LAGO = 'https://getlago.com/docs/guide/plans/charges/charge-models';
const LAGO_PERCENTAGE = 'https://github.com/getlago/lago-api/blob/main/spec/services/charges/charge_models/percentage_service_spec.rb';
const ORB = 'https://docs.withorb.com/product-catalog/price-configuration';
const RECURLY = 'https://docs.recurly.com/recurly-subscriptions/docs/quantity-based-pricing';
const ZUPLO = 'https://zuplo.com/docs/articles/monetization/pricing-models';
const AUTUMN = 'https://docs.useautumn.com/documentation/modelling-pricing/graduated-pricing';
const FLEXPRICE = 'https://docs.flexprice.io/docs/product-catalogue/plans/billing-models/flat-fee';

/** What it is, the price, what was used of it, what that comes to, and who says so. */
export const published: [string, AgreedPrice, string | string[], bigint, string][] = [
  ['volume: 1 font', tiered('volume', fonts), '1', 700n, STRIPE],
  ['volume: 5 fonts', tiered('volume', fonts), '5', 3500n, STRIPE],
  ['volume: 6 fonts', tiered('volume', fonts), '6', 3900n, STRIPE],
  ['volume: 20 fonts', tiered('volume', fonts), '20', 12000n, STRIPE],
  ['volume: 25 fonts', tiered('volume', fonts), '25', 15000n, STRIPE],
  ['volume with a fee: 65,000 calls', tiered('volume', callsWithFee), '65000', 4900n, `${LAGO}/volume`],
  ['volume: 101 units', tiered('volume', bulk), '101', 4040n, ORB],
  ['volume: 10 units', tiered('volume', bulk), '10', 500n, ORB],
  ['volume: 15,000 units', tiered('volume', rateCard), '15000', 15000n, ZUPLO],
  ['graduated: 15,000 units', tiered('graduated', rateCard), '15000', 60000n, ZUPLO],
  ['graduated: 15,000 requests', tiered('graduated', requests), '15000', 10700n, AUTUMN],
  ['graduated: 150 documents', tiered('graduated', documents), '150', 12500n, RECURLY],
  ['per unit: 100,000 calls at $0.001', perUnit('0.1'), '100000', 10000n, ZUPLO],
  ['per unit: 1,000 calls at $0.05', perUnit('5'), '1000', 5000n, FLEXPRICE],
  ['package: 4 units are billed as 10', tenAt80Cents, '4', 80n, ORB],
  ['package: 11 units are billed as 20', tenAt80Cents, '11', 160n, ORB],
  ['percentage with fees and no free units', percentage(transfers), fourTransfers, 1840n, LAGO_PERCENTAGE],
  ['percentage, 3 events free', percentage({ ...transfers, freeUnits: '3' }), fourTransfers, 720n, LAGO_PERCENTAGE],
  ['percentage, 250 free', percentage({ ...transfers, freeAmount: '25000' }), fourTransfers, 1115n, LAGO_PERCENTAGE],
  [
    'percentage, 3 events or 250 free, whichever ends first',
    percentage({ ...transfers, freeUnits: '3', freeAmount: '25000' }),
    fourTransfers,
    1115n,
    LAGO_PERCENTAGE,
  ],
  [
    'percentage, 3 events or 500 free, whichever ends first',
    percentage({ ...transfers, freeUnits: '3', freeAmount: '50000' }),
    fourTransfers,
    720n,
    LAGO_PERCENTAGE,
  ],
];
