/** A class of requests. */
export type RequestClass = abstract new () => object;

type Picked = (around: { readonly object: Readonly<Record<string, unknown>> }) => RequestClass;

interface Nested {
  readonly kind: 'object' | 'list' | 'map';
  readonly pick: Picked;
}

const nestedOf = new Map<object, Map<string, Nested>>();

/** Declares that a field holds objects of a class: itself, as a list, or as a map by keys of the caller's own. */
export function holds(kind: Nested['kind'], pick: Picked): PropertyDecorator {
  return (prototype, property) => {
    const fields = nestedOf.get(prototype) ?? new Map<string, Nested>();
    nestedOf.set(prototype, fields.set(String(property), { kind, pick }));
  };
}

/**
 * An object as it came in as an instance of its class, for the validator; what is no declared object stays as it is, with
 * all its names. Names that every object has (`constructor`, `__proto__`) are left out, since the instance needs its own.
 */
export function toInstance(declared: RequestClass, given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const instance: Record<string, unknown> = Reflect.construct(declared, []);
  for (const [name, value] of Object.entries(given)) {
    if (name in Object.prototype) continue;
    const nested = nestedField(declared.prototype, name);
    instance[name] = nested ? within(nested, given as Record<string, unknown>, value) : value;
  }
  return instance;
}

/** What a field of a class of requests holds; undefined where that is no object. */
export function nestedField(prototype: object | null, name: string): Nested | undefined {
  if (prototype === null) return undefined;
  return nestedOf.get(prototype)?.get(name) ?? nestedField(Object.getPrototypeOf(prototype), name);
}

function within({ kind, pick }: Nested, object: Record<string, unknown>, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const read = (inner: unknown): unknown => toInstance(pick({ object }), inner);
  if (kind === 'list') return Array.isArray(value) ? value.map(read) : value;
  if (kind === 'object' || Array.isArray(value)) return read(value);
  return new Map(Object.entries(value).map(([key, inner]) => [key, read(inner)]));
}
