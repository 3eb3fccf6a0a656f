import { ApiExtension } from '@nestjs/swagger';
import type { RefusalOf } from '#kernel/refusal.js';

/** Carries the codes until the OpenAPI document is finished. */
export const PROBLEMS_EXTENSION = 'x-problem-codes';

/**
 * The problems an operation can answer beyond those every operation can: `@ApiProblem(accountNotFound, 'currency_mismatch')`.
 * Once per handler or controller. A code that no refusal declares fails when the document is made.
 */
export function ApiProblem(...refusals: readonly (RefusalOf | string)[]): MethodDecorator & ClassDecorator {
  const codes = refusals.map((refusal) => (typeof refusal === 'string' ? refusal : refusal.definition.code));
  return ApiExtension(PROBLEMS_EXTENSION, codes);
}
