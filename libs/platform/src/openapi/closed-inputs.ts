import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operation.js';

type Schemas = Record<string, Record<string, unknown>>;

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

/**
 * Says of every object in a request that it has no other fields, as is checked. What is answered stays open, since fields may be
 * added to it; so nothing can be both.
 */
export function withClosedInputs(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const operations = operationsOf(document).map(({ operation }) => operation);
  const asked = reachedFrom(
    operations.map(({ requestBody }) => requestBody ?? null),
    schemas,
  );
  const answered = reachedFrom(
    operations.map(({ responses }) => responses),
    schemas,
  );
  for (const name of asked) {
    if (answered.has(name)) throw new Error(`The schema ${name} is both asked for and answered.`);
    if (schemas[name]!.type === 'object') schemas[name]!.additionalProperties ??= false;
    for (const field of Object.values((schemas[name]!.properties ?? {}) as Schemas)) tellDefault(field);
  }
  return document;
}

/**
 * Generated clients send what a schema calls the default, which empties what a change leaves out, and some demand it. So what
 * counts in its place is told to people only.
 */
function tellDefault(field: Record<string, unknown>): void {
  if (!('default' in field)) return;
  const told = `\`${JSON.stringify(field.default)}\` when left out.`;
  field.description = field.description ? `${field.description} ${told}` : told;
  delete field.default;
}

function reachedFrom(places: unknown, schemas: Schemas): Set<string> {
  const reached = new Set<string>();
  const waiting = [places];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    for (const [, name] of JSON.stringify(place).matchAll(REFERENCE)) {
      if (reached.has(name!)) continue;
      reached.add(name!);
      waiting.push(schemas[name!]);
    }
  }
  return reached;
}
