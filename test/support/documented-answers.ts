import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Described {
  readonly $ref?: string;
  readonly required?: boolean;
  readonly schema?: object;
}
interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
  readonly headers?: Readonly<Record<string, Described>>;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Answer>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly headers: Readonly<Record<string, Described>> };
}

export interface Exchange {
  readonly method: string;
  /** As it was asked for, with its query. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Headers that an operation must name when it sends them. */
const NAMED_HEADERS = ['etag', 'location', 'idempotent-replayed', 'retry-after', 'www-authenticate'];

/**
 * Holds answers against the OpenAPI document. Stricter than a client may be: a field that the document does not name is a mistake
 * here, since it is one that nobody was told of.
 */
export class DocumentedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly routes: readonly {
    readonly method: string;
    readonly path: RegExp;
    readonly literals: number;
    readonly operation: Operation;
  }[];
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(private readonly document: OpenApi) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.ajv.addSchema(closed({ $id: 'api', components: document.components }));
    this.routes = Object.entries(document.paths)
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({
          method: method.toUpperCase(),
          path: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
          literals: path.split('/').filter((part) => part !== '' && !part.startsWith('{')).length,
          operation,
        })),
      )
      // `/v1/payments/retry` before `/v1/payments/{id}`.
      .sort((a, b) => b.literals - a.literals);
  }

  /** The documented operation that an exchange is one of, if there is one. */
  operationOf({ method, url }: Pick<Exchange, 'method' | 'url'>): Operation | undefined {
    const path = url.split('?')[0]!;
    return this.routes.find((route) => route.method === method && route.path.test(path))?.operation;
  }

  /** What the answer has that the document does not say, one sentence each. */
  mistakes(exchange: Exchange): string[] {
    const operation = this.operationOf(exchange);
    if (!operation) return [];
    const answer = operation.responses[exchange.status];
    const where = `${operation.operationId} answers ${exchange.status}`;
    if (!answer) return [`${where}, which is not documented: ${exchange.text.slice(0, 300)}`];
    return [...this.headerMistakes(exchange, answer), ...this.bodyMistakes(exchange, answer)].map((mistake) => `${where}: ${mistake}`);
  }

  private headerMistakes({ headers }: Exchange, answer: Answer): string[] {
    const named = new Map(Object.entries(answer.headers ?? {}).map(([name, header]) => [name.toLowerCase(), this.header(header)]));
    const unnamed = NAMED_HEADERS.filter((name) => headers[name] !== undefined && !named.has(name));
    return [
      ...unnamed.map((name) => `the header ${name} is sent, but not documented`),
      ...[...named].flatMap(([name, { required, schema }]) => {
        const value = headers[name];
        if (value === undefined) return required ? [`the header ${name} is missing`] : [];
        const typed = (schema as { type?: string }).type === 'integer' ? Number(value) : value;
        return this.against(schema!, typed).map((error) => `the header ${name} ${error}`);
      }),
    ];
  }

  private bodyMistakes({ headers, text }: Exchange, answer: Answer): string[] {
    const type = (headers['content-type'] ?? '').split(';')[0]!.trim();
    if (!answer.content) return text === '' ? [] : ['there is a body, but none is documented'];
    const schema = answer.content[type]?.schema;
    if (!schema) return [`the media type ${type || '(none)'} is not documented`];
    return this.against(schema, type.endsWith('json') ? JSON.parse(text) : text);
  }

  private header(header: Described): Described {
    return header.$ref ? this.document.components.headers[header.$ref.split('/').at(-1)!]! : header;
  }

  private validatorOf(schema: object): ValidateFunction {
    const known = this.validators.get(schema);
    if (known) return known;
    const made = this.ajv.compile(absolute(closed(schema)));
    this.validators.set(schema, made);
    return made;
  }

  private against(schema: object, value: unknown): string[] {
    const validate = this.validatorOf(schema);
    if (validate(value)) return [];
    return validate.errors!.map(({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`);
  }
}

/** Objects with named fields have no others. Where several schemas apply to one object, all their fields together are named. */
function closed(node: unknown): object {
  return JSON.parse(JSON.stringify(node), (_key, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (value.type === 'object' && value.properties && value.additionalProperties === undefined)
      return { ...value, additionalProperties: false };
    return value;
  });
}

function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/'));
}
