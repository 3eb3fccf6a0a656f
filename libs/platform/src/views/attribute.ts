import type { Type } from '@nestjs/common';
import { Field, ID, Int, type ReturnTypeFunc } from '@nestjs/graphql';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { MoneyObject } from '../graphql/money.resolver.js';
import { InstantText } from '../graphql/scalars.js';
import { MoneyFields } from '../http/money-fields.js';

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

/** One line for each attribute of a view that REST and GraphQL show under the same name. */
export const Attribute = {
  id: (options: AttributeOptions = {}) => attribute(() => ID, { type: String, format: 'uuid' }, options),
  text: (options: AttributeOptions = {}) => attribute(() => String, { type: String }, options),
  oneOf: (values: readonly string[], options: AttributeOptions = {}) =>
    attribute(() => String, { type: String, enum: [...values] }, options),
  integer: (options: AttributeOptions = {}) => attribute(() => Int, { type: 'integer' }, options),
  flag: (options: AttributeOptions = {}) => attribute(() => Boolean, { type: Boolean }, options),
  instant: (options: AttributeOptions = {}) => attribute(() => InstantText, { type: String, format: 'date-time' }, options),
  /** The value is a kernel `Money`. */
  money: (options: AttributeOptions = {}) => attribute(() => MoneyObject, { type: MoneyFields }, options),
  object: (type: () => Type, options: AttributeOptions = {}) => attribute(type, { type }, options),
  list: (type: () => Type, options: AttributeOptions = {}) => attribute(() => [type()], { type, isArray: true }, options),
};
