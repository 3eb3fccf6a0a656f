import { type Fault, fieldRule, Nullable } from '#platform/http/field-rule.js';
import { IsChoice, IsCode, IsLine } from '#platform/http/text-validators.js';
import { Input } from '#platform/openapi/input.js';
import { type Aggregation, aggregations, type Meter } from '#pricing/meter.js';

export const IsPlanCode = () =>
  IsCode(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'This must be 1 to 64 letters, digits, dots, hyphens or underscores, beginning with a letter or digit.',
  );

const MOST_PROPERTIES = 10;
const MOST_TEXTS = 50;
/** The limits of the properties of usage events: what is beyond them matches nothing. */
const LONGEST_NAME = 40;
const LONGEST_TEXT = 500;

/** Up to 10 properties by name, each with the texts that count. */
function IsMeterFilter(): PropertyDecorator {
  const texts = { type: 'array', minItems: 1, maxItems: MOST_TEXTS, items: { type: 'string', maxLength: LONGEST_TEXT } };
  const schema = {
    ...{ type: 'object', minProperties: 1, maxProperties: MOST_PROPERTIES },
    ...{ propertyNames: { minLength: 1, maxLength: LONGEST_NAME }, additionalProperties: texts },
  };
  return fieldRule(schema, filterFaults);
}

function filterFaults(value: unknown): Fault[] {
  const code = 'filter_invalid';
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length === 0 || entries.length > MOST_PROPERTIES) {
    return [{ code, detail: `This must be an object of 1 to ${MOST_PROPERTIES} properties, each with the texts that count.` }];
  }
  return entries.flatMap(([key, texts]): Fault[] => {
    if (key.length === 0 || key.length > LONGEST_NAME) return [{ code, key, detail: `Names have 1 to ${LONGEST_NAME} characters.` }];
    if (!Array.isArray(texts) || texts.length === 0 || texts.length > MOST_TEXTS) {
      return [{ code, key, detail: `This must be a list of 1 to ${MOST_TEXTS} texts.` }];
    }
    if (texts.some((text) => typeof text !== 'string'))
      return [{ code, key, detail: 'Properties of events are texts, so what counts are texts.' }];
    return texts.some((text: string) => text.length > LONGEST_TEXT)
      ? [{ code, key, detail: `Texts have at most ${LONGEST_TEXT} characters.` }]
      : [];
  });
}

export class MeterFields {
  @Input({ example: 'api_calls', description: 'What usage events name.' })
  @IsPlanCode()
  metric!: string;

  @Input({ example: 'sum' })
  @IsChoice(aggregations)
  aggregation!: Aggregation;

  @Input({
    example: 'gigabytes',
    description: 'The property that holds the number, or that `unique` tells apart; without it, the quantity of the event.',
  })
  @Nullable()
  @IsLine({ max: 64 })
  property?: string | null;

  @Input({
    example: { region: ['eu', 'us'] },
    description: 'Counts only events of which each named property is one of its texts; without it, every event of the metric.',
  })
  @Nullable()
  @IsMeterFilter()
  filter?: Record<string, string[]> | null;
}

export function proposedMeter({ metric, aggregation, property, filter }: MeterFields): Meter {
  return { metric, aggregation, ...(property && { property }), ...(filter && { filter }) };
}
