import { Money } from '#kernel/money.js';
import { moneyToWire } from '#kernel/money-wire.js';

/** A view as REST shows it: every `Money` as `{ amount, currency }`, exact at any size (see `moneyToWire`). */
export function restForm(view: unknown): unknown {
  if (view instanceof Money) return moneyToWire(view);
  if (Array.isArray(view)) return view.map(restForm);
  if (typeof view !== 'object' || view === null) return view;
  return Object.fromEntries(Object.entries(view).map(([name, value]) => [name, restForm(value)]));
}
