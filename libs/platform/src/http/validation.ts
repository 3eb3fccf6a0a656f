import { type ArgumentMetadata, Injectable, type Type, ValidationPipe } from '@nestjs/common';
import type { TransformerPackage } from '@nestjs/common/interfaces/external/transformer-package.interface.js';
import type { ValidationError, ValidatorOptions } from 'class-validator';
import { defineRefusal } from '#kernel/refusal.js';
import type { FieldCode } from './field-codes.js';
import { finderOf } from './field-rule.js';
import { toInstance } from './nested-types.js';
import { RefusalWithErrors } from './problem.js';
import { type ProblemError, step } from './problem-error.js';
import { isSound } from './sound-request.js';

export const validationFailed = defineRefusal({
  code: 'validation_failed',
  kind: 'invalid',
  hint: 'Correct the places listed in `errors`; /docs has the shape of every request.',
});

/** In the place of class-transformer, which drops and misreads names that every object has. Answers are not made by it. */
const instances: TransformerPackage = {
  plainToInstance: <T>(declared: Type<T>, given: unknown) => toInstance(declared as Type<object>, given) as T,
  classToPlain: (instance) => ({ ...(instance as object) }),
};

/**
 * Validates bodies, queries and GraphQL arguments against their class. Unknown fields are refused, never dropped: a
 * misspelt optional field would otherwise be a silent default.
 */
@Injectable()
export class RequestValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      transformerPackage: instances,
      // With their values, which tell a missing field from a wrong one.
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => refusalOf(errors.flatMap((error) => problemErrors(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      if (metadata.type === 'query') refuseRepeated(value);
      if (Array.isArray(value) && this.toValidate(metadata)) throw refusalOf([fault('', 'object_invalid', 'This must be an object.')]);
      const read: unknown = await super.transform(value, metadata);
      if (this.toValidate(metadata)) refuseLost(value, read);
      return read;
    } catch (error) {
      const place = metadata.type === 'query' ? 'query' : metadata.type === 'param' ? 'path' : undefined;
      if (!place || !(error instanceof RefusalWithErrors)) throw error;
      throw refusalOf(error.errors.map((each) => ({ ...each, in: place })));
    }
  }

  protected override validate(instance: object, options?: ValidatorOptions): Promise<ValidationError[]> | ValidationError[] {
    return isSound(instance) ? [] : super.validate(instance, options);
  }

  /** Nothing is taken out of what came in: a field called `__proto__` is unknown like any other, and a name in metadata is kept. */
  protected override stripProtoKeys(): void {}
}

/** `?limit=1&limit=2` is read as a list, and no parameter is one. */
function refuseRepeated(query: unknown): void {
  const repeated = Object.entries(query ?? {}).filter(([, value]) => Array.isArray(value));
  if (repeated.length > 0) throw refusalOf(repeated.map(([name]) => fault(step(name), 'repeated', 'This is given more than once.')));
}

/** Names that every object has (`constructor`, `toString`) are left out of instances, so that no rule ever sees them. */
function refuseLost(given: unknown, read: unknown): void {
  const lost = lostIn(given, read, '');
  if (lost.length > 0) throw refusalOf(lost.map((pointer) => fault(pointer, 'unknown_field', 'There is no such field.')));
}

function lostIn(given: unknown, read: unknown, pointer: string): string[] {
  if (given === read || typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const inner: unknown = read instanceof Map ? read.get(name) : Object.getOwnPropertyDescriptor(read, name)?.value;
    if (inner === undefined && value !== undefined) return [pointer + step(name)];
    return lostIn(value, inner, pointer + step(name));
  });
}

function refusalOf(errors: readonly ProblemError[]): RefusalWithErrors {
  const count = errors.length === 1 ? 'One place of the request is' : `${errors.length} places of the request are`;
  return new RefusalWithErrors(validationFailed(`${count} not valid.`), errors);
}

/** One mistake is one error: of what is missing, null or of the wrong kind nothing else is said. */
function problemErrors(error: ValidationError, parent: string): ProblemError[] {
  const pointer = error.property === undefined ? parent : parent + step(error.property);
  const rules = Object.keys(error.constraints ?? {});
  const children = (error.children ?? []).flatMap((child) => problemErrors(child, pointer));
  if (rules.length === 0) return children;
  if (rules.includes('whitelistValidation')) return [fault(pointer, 'unknown_field', 'There is no such field.')];
  if (error.value === undefined) return [fault(pointer, 'required', 'This is required.')];
  if (error.value === null) return [fault(pointer, 'null_not_allowed', 'This cannot be null.')];
  const own = rules.flatMap((rule) => finderOf(rule)?.(error.value) ?? []);
  const found = own.map(({ key, code, detail }) => fault(key === undefined ? pointer : pointer + step(key), code, detail));
  const said = new Set(found.map((each) => each.pointer));
  return [...found, ...children.filter((child) => !isBelow(child.pointer, said))];
}

function isBelow(pointer: string, said: ReadonlySet<string>): boolean {
  return [...said].some((above) => pointer === above || pointer.startsWith(`${above}/`));
}

function fault(pointer: string, code: FieldCode, detail: string): ProblemError {
  return { pointer, code, detail };
}
