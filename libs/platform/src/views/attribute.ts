import type { Type } from '@nestjs/common';
import { Field, ID, Int, type ReturnTypeFunc, registerEnumType } from '@nestjs/graphql';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { asEntries, MetadataEntry } from '../graphql/metadata.js';
import { MoneyObject } from '../graphql/money.resolver.js';
import { InstantText } from '../graphql/scalars.js';
import { MoneyView } from './money-view.js';

interface AttributeOptions {
  readonly description?: string;
  readonly nullable?: boolean;
  readonly example?: unknown;
}

function attribute(
  graphql: ReturnTypeFunc,
  rest: ApiPropertyOptions,
  { description, nullable, example }: AttributeOptions,
): PropertyDecorator {
  const shared = { ...(description && { description }), ...(nullable && { nullable }) };
  return (target, property) => {
    Field(graphql, shared)(target, property);
    ApiProperty({ ...rest, ...shared, ...(example !== undefined && { example }) } as ApiPropertyOptions)(target, property);
  };
}

const enums = new Map<string, object>();

/** The GraphQL enum of that name, made at its first use. Views of several contexts may share one, if they mean the same. */
export function enumOf(name: string, values: readonly string[]): object {
  const declared = Object.fromEntries(values.map((value) => [value, value]));
  const known = enums.get(name);
  if (known) {
    if (Object.keys(known).join() !== values.join()) throw new Error(`The enum ${name} is declared twice, with different values.`);
    return known;
  }
  registerEnumType(declared, { name });
  enums.set(name, declared);
  return declared;
}

/** One line for each attribute of a view that REST and GraphQL show under the same name. */
export const Attribute = {
  id: (options: AttributeOptions = {}) => attribute(() => ID, { type: String, format: 'uuid' }, options),
  text: (options: AttributeOptions = {}) => attribute(() => String, { type: String }, options),
  /** With a name it is an enum in GraphQL too. */
  oneOf: (values: readonly string[], { enumName, ...options }: AttributeOptions & { readonly enumName?: string } = {}) => {
    const graphql = enumName === undefined ? String : enumOf(enumName, values);
    return attribute(() => graphql, { type: String, enum: [...values] }, options);
  },
  integer: (options: AttributeOptions = {}) => attribute(() => Int, { type: 'integer' }, options),
  flag: (options: AttributeOptions = {}) => attribute(() => Boolean, { type: Boolean }, options),
  instant: (options: AttributeOptions = {}) => attribute(() => InstantText, { type: String, format: 'date-time' }, options),
  /** The value is a kernel `Money`. */
  money: (options: AttributeOptions = {}) => attribute(() => MoneyObject, { type: MoneyView }, options),
  /** Texts of the caller's own by keys of its own: an object in REST, and in GraphQL, which knows no such object, a list. */
  metadata:
    (options: Pick<AttributeOptions, 'description' | 'example'> = {}): PropertyDecorator =>
    (target, property) => {
      const { description, example = { crm: '4711' } } = options;
      Field(() => [MetadataEntry], { description, middleware: [asEntries] })(target, property);
      ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example, description })(target, property);
    },
  // Swagger takes a function for one to be called later only where its name is `type`: an arrow that is passed on has none.
  object: (type: () => Type, options: AttributeOptions = {}) => attribute(type, { type: () => type() }, options),
  list: (type: () => Type, options: AttributeOptions = {}) => attribute(() => [type()], { type: () => type(), isArray: true }, options),
};
