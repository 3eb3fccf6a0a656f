import type { Currency } from '#kernel/currency.js';
import { type Meter, plainestFilter } from './meter.js';
import type { BilledAt, Price, PriceKind, PricingModel } from './price.js';
import { priceInvalid, priceTermsInvalid } from './price.refusals.js';
import { type GivenTerms, soundTerms } from './sound-terms.js';

/** A price as it is asked for: what is left out is the usual for its kind. */
export interface ProposedPrice {
  readonly code: string;
  readonly name?: string;
  readonly kind: PriceKind;
  readonly model: PricingModel;
  readonly billing?: 'advance' | 'arrears';
  readonly billedAt?: BilledAt;
  readonly meter?: Meter;
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  /** By currency; numbers are decimal strings. */
  readonly currencies: Readonly<Partial<Record<Currency, object>>>;
}

/** The price in its plainest form. Refuses what makes no sense, with the place of it; the pointer is that of the price. */
export function soundPrice(proposed: ProposedPrice, pointer: string): Price {
  const { code, name, kind, model, meter, taxCode, taxBehavior, currencies } = proposed;
  checkKind(proposed, pointer);
  checkMeter(proposed, pointer);
  const entries = Object.entries(currencies) as [Currency, GivenTerms][];
  if (entries.length === 0) throw priceTermsInvalid(`The price ${code} has no currency.`, { pointer: `${pointer}/currencies` });
  return {
    code,
    ...(name !== undefined && { name }),
    ...{ kind, model, billing: kind === 'usage' ? 'arrears' : (proposed.billing ?? 'advance') },
    ...(kind === 'oneTime' && { billedAt: proposed.billedAt ?? 'start' }),
    ...(meter && { meter: plainestMeter(meter) }),
    ...{ taxCode, taxBehavior },
    currencies: Object.fromEntries(
      entries.map(([currency, given]) => [currency, soundTerms(model, given, `${pointer}/currencies/${currency}`)]),
    ),
  };
}

function plainestMeter({ filter, ...meter }: Meter): Meter {
  return filter === undefined ? meter : { ...meter, filter: plainestFilter(filter) };
}

function checkKind({ kind, model, billing, billedAt }: ProposedPrice, pointer: string): void {
  if (kind === 'usage' && billing === 'advance') {
    throw priceInvalid('Usage is known when its period is over, so it is billed in arrears.', { pointer: `${pointer}/billing` });
  }
  if (kind === 'oneTime' && billing === 'arrears') {
    throw priceInvalid('What is charged once is billed in advance; `billedAt` says when.', { pointer: `${pointer}/billing` });
  }
  if (kind !== 'oneTime' && billedAt !== undefined) {
    throw priceInvalid('Only a price that is charged once says when.', { pointer: `${pointer}/billedAt` });
  }
  if (kind === 'usage' && model === 'flat') {
    throw priceInvalid('A flat price is the same whatever is used: it is a recurring one.', { pointer: `${pointer}/model` });
  }
  if (kind !== 'usage' && model === 'percentage') {
    throw priceInvalid('A percentage is of the amounts of usage events.', { pointer: `${pointer}/model` });
  }
}

function checkMeter({ kind, model, meter }: ProposedPrice, pointer: string): void {
  const at = `${pointer}/meter`;
  if (kind !== 'usage' && meter) throw priceInvalid('Only usage is metered.', { pointer: at });
  if (kind === 'usage' && !meter) throw priceInvalid('A price of usage needs a meter, which says how events are counted.', { pointer: at });
  if (meter?.aggregation === 'unique' && meter.property === undefined) {
    throw priceInvalid('What is counted once needs a property that tells it apart.', { pointer: `${at}/property` });
  }
  for (const [name, texts] of Object.entries(meter?.filter ?? {})) {
    if (texts.length > 0) continue;
    throw priceInvalid(`No event has a property ${name} that is one of none.`, { pointer: `${at}/filter/${name}` });
  }
  if (meter && model === 'percentage' && meter.aggregation !== 'sum') {
    throw priceInvalid('A percentage is of every event, so its meter sums.', { pointer: `${at}/aggregation` });
  }
}
