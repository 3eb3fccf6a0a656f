import type Stripe from 'stripe';
import { invalidParameter } from './stripe-failure.js';

/** What a form-encoded body or query becomes: text, nested by brackets. */
export type ParameterValue = undefined | string | ParameterValue[] | { [name: string]: ParameterValue };

export interface CreatedRange {
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

/** The parameters of one request, read with Stripe's rules: everything arrives as text, and empty text means "unset". */
export class Parameters {
  constructor(
    readonly values: { [name: string]: ParameterValue },
    private readonly path: string[] = [],
  ) {}

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw invalidParameter(`Invalid string: ${JSON.stringify(value)}`, this.named(name));
    return value;
  }

  /** What the field becomes: the given text, `null` when it was given empty, what it was when it was not given. */
  textOr<T extends string | null | undefined>(name: string, before: T): string | T | null {
    return this.has(name) ? (this.text(name) ?? null) : before;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw this.missing(name);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) throw invalidParameter(`Invalid integer: ${value}`, this.named(name), 'parameter_invalid_integer');
    return Number(value);
  }

  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw this.missing(name);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw invalidParameter(`Invalid boolean: ${value}`, this.named(name));
    return value === 'true';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw invalidParameter(`Invalid ${this.named(name)}: must be one of ${allowed.join(', ')}`, this.named(name));
    return found;
  }

  list(name: string): string[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === '') return undefined;
    // Lists come as `expand[0]=`, as `expand[]=` or, of one item, bare.
    const items = typeof value === 'object' ? Object.values(value).flat() : [value];
    return items.filter((item) => typeof item === 'string');
  }

  nested(name: string): Parameters | undefined {
    const value = this.values[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string' || Array.isArray(value)) throw invalidParameter('Invalid object', this.named(name));
    return new Parameters(value, [...this.path, name]);
  }

  /** Metadata after this request: given keys are set, keys given empty are removed, an empty `metadata` clears all. */
  metadata(before: Stripe.Metadata = {}): Stripe.Metadata {
    if (this.values.metadata === '') return {};
    const given = this.nested('metadata');
    if (given === undefined) return before;
    const after = { ...before };
    for (const name of Object.keys(given.values)) {
      const value = given.text(name);
      if (value === undefined) delete after[name];
      else if (value.length > 500) throw invalidParameter('Metadata values can have up to 500 characters.', `metadata[${name}]`);
      else after[name] = value;
    }
    if (Object.keys(after).length > 50) throw invalidParameter('Metadata can have up to 50 keys.', 'metadata');
    return after;
  }

  /** `created=1700000000` or `created[gte]=…`, in seconds since 1970. */
  createdRange(): CreatedRange | undefined {
    if (typeof this.values.created === 'string') {
      const exact = this.integer('created');
      return exact === undefined ? undefined : { gte: exact, lte: exact };
    }
    const range = this.nested('created');
    if (range === undefined) return undefined;
    return { gt: range.integer('gt'), gte: range.integer('gte'), lt: range.integer('lt'), lte: range.integer('lte') };
  }

  private missing(name: string) {
    return invalidParameter(`Missing required param: ${this.named(name)}.`, this.named(name), 'parameter_missing');
  }

  private named(name: string): string {
    const [first, ...rest] = [...this.path, name];
    return `${first}${rest.map((part) => `[${part}]`).join('')}`;
  }
}
