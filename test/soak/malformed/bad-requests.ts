import type { SeededChance } from '../../reliability/seeded-chance.js';
import { hostileTexts, hostileValues, rawRequests } from './hostile.js';

interface HttpRequest {
  readonly kind: 'mutated body' | 'hostile query' | 'hostile path' | 'hostile header' | 'broken body' | 'graphql';
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export type BadRequest = HttpRequest | { readonly kind: 'raw socket'; readonly bytes: Buffer };

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema & { readonly example?: unknown }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content?: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>>; readonly schema?: Schema }>
    >;
  };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** Bodies that would be accepted, or nearly. */
  readonly bodies: readonly object[];
}

/** Bad requests without end, made from what the OpenAPI document says is good. */
export class BadRequests {
  private readonly endpoints: readonly Endpoint[];

  constructor(
    private readonly chance: SeededChance,
    document: OpenApi,
    /** Of resources that exist: most of what is bad is only looked at when the address is right. */
    private readonly ids: readonly string[],
    private readonly apiKey: string,
  ) {
    this.endpoints = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        bodies: bodiesOf(operation, document),
      })),
    );
  }

  next(): BadRequest {
    const choice = this.chance.next();
    if (choice < 0.35) return this.mutatedBody();
    if (choice < 0.5) return this.hostileQuery();
    if (choice < 0.6) return this.hostilePath();
    if (choice < 0.7) return this.hostileHeader();
    if (choice < 0.78) return this.brokenBody();
    if (choice < 0.92) return this.graphql();
    return { kind: 'raw socket', bytes: Buffer.from(this.chance.oneOf(rawRequests)(this.apiKey, this.chance), 'latin1') };
  }

  private mutatedBody(): HttpRequest {
    const { method, path, bodies } = this.chance.oneOf(this.endpoints.filter((endpoint) => endpoint.bodies.length > 0));
    const body = structuredClone(this.chance.oneOf(bodies));
    const times = this.chance.between(1, 3);
    for (let time = 0; time < times; time += 1) this.mutate(body);
    return { kind: 'mutated body', method, path: this.filled(path), headers: this.headers(), body: JSON.stringify(body) };
  }

  private hostileQuery(): HttpRequest {
    const { path, query } = this.chance.oneOf(this.endpoints.filter(({ method }) => method === 'GET'));
    const names = [...query, 'limit', 'cursor', 'unheardOf', '__proto__', 'a[b]'];
    const pairs = Array.from(
      { length: this.chance.between(1, 3) },
      () => `${encodeURIComponent(this.chance.oneOf(names))}=${encoded(this.text())}`,
    );
    return { kind: 'hostile query', method: 'GET', path: `${this.filled(path)}?${pairs.join('&')}`, headers: this.headers() };
  }

  private hostilePath(): HttpRequest {
    const { method, path, bodies } = this.chance.oneOf(this.endpoints);
    const body = bodies.length > 0 ? JSON.stringify(bodies[0]) : undefined;
    const filled = path.replace(/\{\w+\}/g, () => encoded(this.text()));
    const appended = filled === path ? `${path}/${encoded(this.text())}` : filled;
    return { kind: 'hostile path', method, path: appended, headers: this.headers(), body };
  }

  private hostileHeader(): HttpRequest {
    const { method, path, bodies } = this.chance.oneOf(this.endpoints);
    const name = this.chance.oneOf([
      'Authorization',
      'Idempotency-Key',
      'If-Match',
      'Content-Type',
      'X-Request-Id',
      'X-Correlation-Id',
      'Accept',
      'Content-Encoding',
      'X-Forwarded-For',
    ]);
    const value = this.text().replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
    const body = bodies.length > 0 ? JSON.stringify(this.chance.oneOf(bodies)) : undefined;
    return { kind: 'hostile header', method, path: this.filled(path), headers: { ...this.headers(), [name]: value }, body };
  }

  private brokenBody(): HttpRequest {
    const { method, path, bodies } = this.chance.oneOf(this.endpoints.filter((endpoint) => endpoint.bodies.length > 0));
    const whole = JSON.stringify(this.chance.oneOf(bodies));
    const at = this.chance.between(0, whole.length);
    const broken = [
      whole.slice(0, at),
      `${whole.slice(0, at)}${this.text()}${whole.slice(at)}`,
      this.text(),
      '['.repeat(this.chance.between(1, 20_000)),
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
      `{"a":1${'0'.repeat(400)}}`,
      '"text"',
      'null',
      '[]',
    ];
    return { kind: 'broken body', method, path: this.filled(path), headers: this.headers(), body: this.chance.oneOf(broken) };
  }

  private graphql(): HttpRequest {
    const id = JSON.stringify(this.chance.next() < 0.5 ? this.chance.oneOf(this.ids) : this.text());
    const queries = [
      `{ account(id: ${id}) { name subscriptions(first: ${this.chance.between(-5, 500)}) { edges { node { id invoices(first: 5) { edges { node { number } } } } } } } }`,
      `{ accounts(first: ${this.chance.between(-2, 5_000)}, after: ${JSON.stringify(this.text())}) { edges { node { id } } } }`,
      `query ($id: ID!) { account(id: $id) { name } }`,
      `{ account(id: ${id}) { ${'name '.repeat(this.chance.between(1, 3_000))} } }`,
      `{ ${Array.from({ length: this.chance.between(1, 200) }, (_, index) => `a${index}: account(id: ${id}) { id }`).join(' ')} }`,
      `fragment F on Account { ...F } { account(id: ${id}) { ...F } }`,
      `mutation { deleteEverything }`,
      `subscription { events }`,
      `{ __schema { types { name fields { type { ofType { ofType { name } } } } } } }`,
      '{'.repeat(this.chance.between(1, 500)),
      this.text(),
    ];
    const body = {
      query: this.chance.oneOf(queries),
      variables: this.chance.oneOf<unknown>([{ id: structuredClone(this.chance.oneOf(hostileValues)) }, {}, null, [], 'x', 7]),
      operationName: this.chance.oneOf<unknown>([undefined, null, this.text()]),
    };
    if (this.chance.next() < 0.2) this.mutate(body);
    const method = this.chance.next() < 0.95 ? 'POST' : this.chance.oneOf(['GET', 'PUT', 'DELETE']);
    return {
      kind: 'graphql',
      method,
      path: '/graphql',
      headers: this.headers(),
      body: method === 'GET' ? undefined : JSON.stringify(body),
    };
  }

  /** Puts a hostile value, or nothing, in one place of a body, however deep. */
  private mutate(body: object): void {
    const places: { holder: Record<string, unknown>; name: string }[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        places.push({ holder: value as Record<string, unknown>, name });
        visit(inner);
      }
    };
    visit(body);
    if (places.length === 0) return;
    const { holder, name } = this.chance.oneOf(places);
    const choice = this.chance.next();
    if (choice < 0.15) delete holder[name];
    else if (choice < 0.25) holder[this.text().slice(0, 50)] = structuredClone(holder[name]);
    else if (choice < 0.35) holder[name] = [structuredClone(holder[name])];
    else holder[name] = this.chance.next() < 0.5 ? structuredClone(this.chance.oneOf(hostileValues)) : this.text();
  }

  private filled(path: string): string {
    return path.replace(/\{\w+\}/g, () => this.chance.oneOf(this.ids));
  }

  private headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.apiKey}`, 'Content-Type': 'application/json' };
  }

  private text(): string {
    return this.chance.oneOf(hostileTexts);
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** The examples of an operation; where it has none, one made from those of the properties. */
function bodiesOf({ requestBody }: Operation, { components }: OpenApi): object[] {
  const content = requestBody?.content?.['application/json'];
  if (!content) return [];
  const examples = Object.values(content.examples ?? {}).map(({ value }) => value as object);
  const name = content.schema?.$ref?.split('/').at(-1);
  const properties = (name ? components?.schemas?.[name] : content.schema)?.properties ?? {};
  const made = Object.fromEntries(Object.entries(properties).map(([property, { example }]) => [property, example ?? 'x']));
  return [...examples, made];
}
