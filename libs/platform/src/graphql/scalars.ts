import { CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { type Instant, instant } from '#kernel/instant.js';

/** Use it as a field's type: `@Field(() => MoneyAmount)`; the value is a bigint. */
export class MoneyAmount {}

const MOST_DIGITS = 30;

/** Amounts in minor units, exact at any size: a string going out, a string or an integer coming in. */
@Scalar('MoneyAmount', () => MoneyAmount)
export class MoneyAmountScalar implements CustomScalar<string, bigint> {
  description = 'A whole number of minor units (1250 is 12.50 USD) as a string, exact beyond 2^53.';

  serialize(value: unknown): string {
    if (typeof value !== 'bigint') throw new TypeError('An amount is a bigint.');
    return value.toString();
  }

  parseValue(value: unknown): bigint {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string') return amountIn(value);
    throw amountError();
  }

  parseLiteral(node: ValueNode): bigint {
    if (node.kind === Kind.INT || node.kind === Kind.STRING) return amountIn(node.value);
    throw amountError();
  }
}

function amountIn(text: string): bigint {
  if (!/^-?\d+$/.test(text) || text.length > MOST_DIGITS) throw amountError();
  return BigInt(text);
}

function amountError(): GraphQLError {
  return new GraphQLError('An amount is a whole number of minor units, as a string or an integer.');
}

/** Use it as a field's type: `@Field(() => InstantText)`; the value is an Instant. */
export class InstantText {}

@Scalar('Instant', () => InstantText)
export class InstantScalar implements CustomScalar<string, Instant> {
  description = 'A moment in UTC as RFC 3339 text, such as 2026-01-31T09:00:00.000Z.';

  serialize(value: unknown): string {
    if (typeof value !== 'string') throw new TypeError('An instant is its text.');
    return value;
  }

  parseValue(value: unknown): Instant {
    if (typeof value === 'string') return instant(value);
    throw new GraphQLError('An instant is RFC 3339 text.');
  }

  parseLiteral(node: ValueNode): Instant {
    if (node.kind === Kind.STRING) return instant(node.value);
    throw new GraphQLError('An instant is RFC 3339 text.');
  }
}
