import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

/** Use it as the type of an argument: the value is an object as it was given, to be validated as the body of REST is. */
export class QuoteInput {}

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * What `POST /v1/quotes` takes. Terms are by currency, usage is by metric, and properties by names of the caller's own: GraphQL has
 * no type for such objects, and lists in their place would be other words for the same.
 */
@Scalar('QuoteInput', () => QuoteInput)
export class QuoteInputScalar implements CustomScalar<never, object> {
  description = 'An object with the fields of the body of `POST /v1/quotes`, which /docs has: literal, or in a variable.';

  serialize(): never {
    throw new TypeError('It is only taken, never answered.');
  }

  parseValue(value: unknown): object {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new GraphQLError('What is to be quoted is an object.');
  }

  parseLiteral(node: ValueNode, variables?: Variables): object {
    return this.parseValue(readFrom(node, variables));
  }
}

function readFrom(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, readFrom(value, variables)]));
    case Kind.LIST:
      return node.values.map((value) => readFrom(value, variables));
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.NULL:
      return null;
    case Kind.INT:
      return whole(node.value);
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.FLOAT:
      throw new GraphQLError(`${node.value} is no whole number: decimals are texts, such as "12.5".`);
    case Kind.ENUM:
      throw new GraphQLError(`Write "${node.value}" in quotes: what is to be quoted holds texts.`);
    default:
      return node satisfies never;
  }
}

function whole(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new GraphQLError(`${text} is more than a number keeps exactly.`);
}
