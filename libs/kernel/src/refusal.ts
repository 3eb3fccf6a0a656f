/** How a refusal is answered: the class of reason, which the HTTP edge maps to one status each. */
export type RefusalKind =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'in-progress'
  | 'forbidden'
  | 'unauthenticated'
  | 'unavailable'
  | 'too-many';

export interface RefusalDefinition {
  /** Stable, snake_case; part of the public contract. */
  readonly code: string;
  readonly kind: RefusalKind;
  /** What the caller can do about it; shown with every problem document. */
  readonly hint: string;
}

export interface RefusalDetails {
  /** JSON pointer to the field of the request that was wrong, e.g. `/prices/0/currencies/USD`. */
  readonly pointer?: string;
  /** For what is unavailable or too much: when it is worth another try. */
  readonly retryAfterSeconds?: number;
  /** Replaces the definition's hint where a better one is known. */
  readonly hint?: string;
}

/** A stated "no" that leaves no trace: thrown by decisions and by the edge, never stored as an event. */
export class Refusal extends Error {
  constructor(
    readonly definition: RefusalDefinition,
    detail: string,
    readonly details: RefusalDetails = {},
  ) {
    super(detail);
    this.name = 'Refusal';
  }

  get code(): string {
    return this.definition.code;
  }

  get kind(): RefusalKind {
    return this.definition.kind;
  }

  get hint(): string {
    return this.details.hint ?? this.definition.hint;
  }

  get pointer(): string | undefined {
    return this.details.pointer;
  }
}

export type RefusalOf = ((detail: string, details?: RefusalDetails) => Refusal) & { readonly definition: RefusalDefinition };

const catalogue = new Map<string, RefusalDefinition>();

/**
 * Declares a refusal once, with its stable code, so that the list of problem codes in the documentation can be generated.
 * `throw accountNotFound('There is no account 0190….')`
 */
export function defineRefusal(definition: RefusalDefinition): RefusalOf {
  const known = catalogue.get(definition.code);
  if (known && known.kind !== definition.kind) throw new Error(`The refusal ${definition.code} is declared twice with different kinds.`);
  catalogue.set(definition.code, definition);
  return Object.assign((detail: string, details?: RefusalDetails) => new Refusal(definition, detail, details), { definition });
}

/** All refusals declared so far, ordered by code. */
export function refusalCatalogue(): RefusalDefinition[] {
  return [...catalogue.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
