import type { OpenAPIObject } from '@nestjs/swagger';

type Node = Record<string, unknown>;

/** What stands below these is data, whatever it looks like. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

/**
 * Makes the schemas those of OpenAPI 3.1, which are JSON Schema: null is a type. In 3.0 `nullable` beside a reference says nothing,
 * and every validator and generator reads it in its own way.
 */
export function inJsonSchema(document: OpenAPIObject): OpenAPIObject {
  return rewritten(document) as OpenAPIObject;
}

function rewritten(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewritten);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, DATA.has(key) ? value : rewritten(value)]);
  return withNull(withReference(Object.fromEntries(entries) as Node));
}

/** A reference may have a description beside it. */
function withReference(schema: Node): Node {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf) || allOf.length !== 1) return schema;
  const [only] = allOf as [Node];
  return Object.keys(only).join() === '$ref' ? { ...rest, ...only } : schema;
}

function withNull({ nullable, ...schema }: Node): Node {
  if (nullable !== true) return nullable === undefined || typeof nullable === 'object' ? restored(schema, nullable) : schema;
  if (typeof schema.type === 'string' && !('$ref' in schema)) {
    return { ...schema, type: [schema.type, 'null'], ...(Array.isArray(schema.enum) && { enum: [...schema.enum, null] }) };
  }
  const { description, example, title, default: standard, ...of } = schema;
  const about = Object.fromEntries(
    Object.entries({ title, description, default: standard, example }).filter(([, value]) => value !== undefined),
  );
  return { ...about, anyOf: [of, { type: 'null' }] };
}

/** A property may be called `nullable`. */
function restored(schema: Node, nullable: unknown): Node {
  return nullable === undefined ? schema : { ...schema, nullable };
}
