import { type Decimal, decimal } from '#kernel/decimal.js';
import { instant } from '#kernel/instant.js';
import { aggregate, type MeteredEvent, quantitiesOf } from '#pricing/meter.js';
import type { Price } from '#pricing/price.js';
import type { Measured } from '#pricing/price-of.js';
import { quantityNotTaken, usageInvalid } from '../quote/quote.refusals.js';

const MOST_EVENTS = 1000;

export function readQuantity(given: unknown, pointer: string): Decimal | null {
  if (given === undefined) return null;
  const quantity = decimal(typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : textOf(given), pointer);
  if (quantity.isNegative) throw quantityNotTaken(`A quantity of ${quantity} is below zero.`, { pointer });
  return quantity;
}

/** What was used of one price: a quantity as it is, or events as its meter counts them. */
export function readUsage({ meter, model, code }: Price, given: unknown, pointer: string): Measured {
  if (!meter) throw usageInvalid(`The price ${code} is not one of usage.`, { pointer });
  if (typeof given === 'string') return { quantity: decimal(given, pointer) };
  const events = readEvents(given, `${pointer}/events`);
  const quantity = aggregate(meter, events, `${pointer}/events`);
  if (model !== 'percentage') return { quantity };
  return { quantity, events: quantitiesOf(meter, events, `${pointer}/events`) };
}

/** What was used of a plan, by metric. */
export function usageOfPlan(prices: readonly Price[], given: unknown, pointer: string): Record<string, Measured> {
  if (given === undefined) return {};
  if (!isRecord(given)) throw usageInvalid('The usage of a plan is an object by metric.', { pointer });
  const entries = Object.entries(given).flatMap(([metric, used]) => {
    const metered = prices.filter((price) => price.meter?.metric === metric);
    if (metered.length === 0) throw usageInvalid(`No price of the plan meters ${metric}.`, { pointer: `${pointer}/${metric}` });
    const filtered = metered.find(({ meter }) => meter?.filter !== undefined);
    if (filtered && typeof used === 'string') {
      const why = `The price ${filtered.code} counts only some of ${metric}, which a quantity does not tell: give events.`;
      throw usageInvalid(why, { pointer: `${pointer}/${metric}` });
    }
    return metered.map((price) => [price.code, readUsage(price, used, `${pointer}/${metric}`)] as const);
  });
  return Object.fromEntries(entries);
}

function readEvents(given: unknown, pointer: string): MeteredEvent[] {
  const events = isRecord(given) ? given.events : undefined;
  if (!Array.isArray(events) || events.length > MOST_EVENTS) {
    throw usageInvalid(`Usage is a decimal in text, or a list of at most ${MOST_EVENTS} events.`, { pointer });
  }
  return events.map((event: unknown, index) => readEvent(event, `${pointer}/${index}`));
}

function readEvent(given: unknown, pointer: string): MeteredEvent {
  if (!isRecord(given)) throw usageInvalid('An event is an object.', { pointer });
  const { quantity = '1', timestamp, properties = {} } = given;
  if (!isRecord(properties)) throw usageInvalid('Properties are an object of texts.', { pointer: `${pointer}/properties` });
  const texts = Object.entries(properties).map(([name, value]) => [name, typeof value === 'string' ? value : String(value)]);
  return {
    quantity: decimal(textOf(quantity), `${pointer}/quantity`),
    timestamp: instant(textOf(timestamp), `${pointer}/timestamp`),
    properties: Object.fromEntries(texts),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
