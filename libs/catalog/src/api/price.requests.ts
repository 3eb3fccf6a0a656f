import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { Nullable, Optional } from '#platform/http/field-rule.js';
import type { RequestClass } from '#platform/http/nested-types.js';
import { IsChoice, IsLine } from '#platform/http/text-validators.js';
import { CurrencyMap, IsReadLater, ObjectOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import type { BilledAt, PriceKind, PricingModel } from '#pricing/price.js';
import type { ProposedPrice } from '#pricing/sound-price.js';
import { billedAtMoments, priceKinds, pricingModels } from '../read-models/price-view.js';
import { IsPlanCode, MeterFields, proposedMeter } from './meter.requests.js';
import { termsFields } from './terms.requests.js';

/** Terms of a model that there is not: the price is refused for its model. */
class UnknownTerms {
  @Optional()
  @IsReadLater()
  amount?: unknown;
}

function termsOf({ model }: Readonly<Record<string, unknown>>): RequestClass {
  return typeof model === 'string' && Object.hasOwn(termsFields, model) ? termsFields[model as PricingModel] : UnknownTerms;
}

@ApiExtraModels(...Object.values(termsFields))
export class PriceFields {
  @Input({ example: 'base', description: 'Unique within the plan; invoice lines refer to it.' })
  @IsPlanCode()
  code!: string;

  @Input({ example: 'Seats', description: 'In words a customer knows: lines are named by it.' })
  @Nullable()
  @IsLine({ max: 200 })
  name?: string | null;

  @Input({ default: 'recurring' })
  @Optional()
  @IsChoice(priceKinds)
  kind?: PriceKind;

  @Input({ example: 'flat' })
  @IsChoice(pricingModels)
  model!: PricingModel;

  @Input({ description: 'In advance when not given, and usage in arrears.' })
  @Optional()
  @IsChoice(['advance', 'arrears'])
  billing?: 'advance' | 'arrears';

  @Input({ description: 'Of what is charged once: as the subscription starts, in a trial too, or when the trial has ended.' })
  @Nullable()
  @IsChoice(billedAtMoments)
  billedAt?: BilledAt | null;

  @Input({ description: 'Of usage, and required there.' })
  @Nullable()
  @ObjectOf(() => MeterFields)
  meter?: MeterFields | null;

  @Input({ example: 'txcd_10103001' })
  @Nullable()
  @IsLine({ max: 64 })
  taxCode?: string | null;

  @Input({ default: 'exclusive', description: 'Whether tax comes on top.' })
  @Optional()
  @IsChoice(['exclusive', 'inclusive'])
  taxBehavior?: 'exclusive' | 'inclusive';

  @Input({
    additionalProperties: { oneOf: [...new Set(Object.values(termsFields))].map((fields) => ({ $ref: getSchemaPath(fields) })) },
    example: { USD: { amount: 2900 }, EUR: { amount: 2700 } },
    description: 'By currency, the terms of the model.',
  })
  @CurrencyMap(({ object }) => termsOf(object))
  currencies!: Map<string, object>;
}

export function proposedPrice({ code, name, kind, model, billing, billedAt, meter, ...fields }: PriceFields): ProposedPrice {
  return {
    ...{ code, model, kind: kind ?? 'recurring' },
    ...(name && { name }),
    ...(billing && { billing }),
    ...(billedAt && { billedAt }),
    ...(meter && { meter: proposedMeter(meter) }),
    taxCode: fields.taxCode ?? null,
    taxBehavior: fields.taxBehavior ?? 'exclusive',
    currencies: Object.fromEntries([...fields.currencies].map(([currency, given]) => [currency, inText(given)])),
  };
}

/** On the wire amounts are numbers; terms are kept as decimal strings. */
function inText(given: object): object {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map((tier: object) => inText(tier)) : value;
}
