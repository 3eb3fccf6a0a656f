import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { defineRefusal } from '#kernel/refusal.js';
import { RefusalWithErrors } from './problem.js';
import { type ProblemError, step } from './problem-error.js';

export const validationFailed = defineRefusal({
  code: 'validation_failed',
  kind: 'invalid',
  hint: 'Correct the places listed in `errors`; /docs has the shape of every request.',
});

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
      // With their values, which tell a missing field from a wrong one.
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => refusalOf(errors.flatMap((error) => problemErrors(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      const place = metadata.type === 'query' ? 'query' : metadata.type === 'param' ? 'path' : undefined;
      if (!place || !(error instanceof RefusalWithErrors)) throw error;
      throw refusalOf(error.errors.map((each) => ({ ...each, in: place })));
    }
  }
}

function refusalOf(errors: readonly ProblemError[]): RefusalWithErrors {
  const count = errors.length === 1 ? 'One place of the request is' : `${errors.length} places of the request are`;
  return new RefusalWithErrors(validationFailed(`${count} not valid.`), errors);
}

/** Finds the wrong entries of a map, for validators that look at one as a whole: `/metadata/color`, not `/metadata`. */
export type EntryErrors = (value: unknown) => { readonly key: string; readonly detail: string }[];
const entryErrors = new Map<string, EntryErrors>();

export function reportEntries(code: string, find: EntryErrors): void {
  entryErrors.set(code, find);
}

function problemErrors(error: ValidationError, parent: string): ProblemError[] {
  const pointer = error.property === undefined ? parent : parent + step(error.property);
  const own = Object.entries(error.constraints ?? {});
  const children = (error.children ?? []).flatMap((child) => problemErrors(child, pointer));
  if (error.value === undefined && own.length > 0) return [{ pointer, code: 'required', detail: 'This is required.' }];
  return [...own.flatMap(([constraint, message]) => ownErrors(constraint, message, error.value, pointer)), ...children];
}

function ownErrors(constraint: string, message: string, value: unknown, pointer: string): ProblemError[] {
  const code = constraint === 'whitelistValidation' ? 'unknown_field' : snakeCase(constraint);
  const entries = entryErrors.get(code)?.(value) ?? [];
  if (entries.length > 0) return entries.map(({ key, detail }) => ({ pointer: pointer + step(key), code, detail }));
  return [{ pointer, code, detail: code === 'unknown_field' ? 'There is no such field.' : sentence(message) }];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`).replace(/^_/, '');
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
