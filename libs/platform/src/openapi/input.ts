import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import type { FieldContext } from '../http/field-rule.js';

interface InputOptions {
  readonly description?: string;
  readonly example?: unknown;
  /** What counts where the field is left out. Nothing, where leaving it out means no change. */
  readonly default?: unknown;
  /** Of a map: what its values are. */
  readonly additionalProperties?: object;
  /** Where the meaning is checked later than the field: takes the place of what its rule says. */
  readonly schema?: object;
}

/**
 * Documents a field of a request. It stands above the field's rule, and what that demands is the schema: type, limits, pattern,
 * values, and whether the field may be left out or null. So the document says what is checked, and cannot say anything else.
 */
export function Input({ schema, ...options }: InputOptions = {}): PropertyDecorator {
  return (target, property) => {
    const contexts = contextsOf(target.constructor, String(property));
    const rule = contexts.find((context) => context.schema);
    if (!schema && !rule) throw new Error(`${target.constructor.name}.${String(property)} has no rule to be documented by.`);
    const of = rule?.of && { type: () => rule.of!(), isArray: rule.schema?.type === 'array' };
    const { type, ...limits } = { ...(schema ?? rule?.schema) } as Record<string, unknown>;
    ApiProperty({
      ...(of ?? { type }),
      ...limits,
      ...options,
      required: !contexts.some(({ optional }) => optional),
      ...(contexts.some(({ nullable }) => nullable) && { nullable: true }),
    } as ApiPropertyOptions)(target, property);
  };
}

function contextsOf(target: object, property: string): FieldContext[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(target as () => void, '', false, false);
  return rules.filter(({ propertyName, context }) => propertyName === property && context).map(({ context }) => context as FieldContext);
}
