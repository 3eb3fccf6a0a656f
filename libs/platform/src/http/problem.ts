import { HttpException } from '@nestjs/common';
import { NewerCodeNeeded } from '#event-sourcing/newer-code-needed.js';
import { isTransient } from '#event-sourcing/sql.js';
import { Refusal, type RefusalKind } from '#kernel/refusal.js';
import { EdgeProblem, type EdgeProblemDefinition, edgeProblems } from './edge-problem.js';
import type { ProblemError } from './problem-error.js';

/** Problem details (RFC 9457), the one form of every failure. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  readonly requestId?: string;
  readonly errors?: readonly ProblemError[];
}

export const statusOf: Readonly<Record<RefusalKind, number>> = {
  invalid: 422,
  'not-found': 404,
  conflict: 409,
  'in-progress': 409,
  stale: 412,
  forbidden: 403,
  unauthenticated: 401,
  unavailable: 503,
  'too-many': 429,
};

/** A refusal of several places of the request at once. */
export class RefusalWithErrors extends Refusal {
  constructor(
    refusal: Refusal,
    readonly errors: readonly ProblemError[],
  ) {
    super(refusal.definition, refusal.message, refusal.details);
  }
}

/** The problem document of anything thrown; what is not understood is an `internal_error` that tells nothing. */
export function problemOf(thrown: unknown, requestId?: string): Problem {
  if (thrown instanceof Refusal) return ofRefusal(thrown, requestId);
  if (thrown instanceof EdgeProblem) return document(thrown.definition, thrown.message, requestId, thrown.errors);
  if (thrown instanceof HttpException) return ofHttpException(thrown, requestId);
  // During a deployment the repetition may well meet a process of the newer version.
  if (isTransient(thrown) || thrown instanceof NewerCodeNeeded)
    return document(edgeProblems.unavailable, 'Something that the answer depends on cannot be reached now.', requestId);
  return document(edgeProblems.internalError, 'Something went wrong that should not have.', requestId);
}

/** The page of /docs/problems that explains the code. */
export function typeOf(code: string): string {
  return `/docs/problems#${code}`;
}

export function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ofRefusal(refusal: Refusal, requestId?: string): Problem {
  const { code, kind, hint, pointer } = refusal;
  const single = pointer === undefined ? undefined : [{ pointer, code, detail: refusal.message }];
  const errors = refusal instanceof RefusalWithErrors ? refusal.errors : single;
  return document({ code, status: statusOf[kind], hint }, refusal.message, requestId, errors);
}

const byStatus = new Map<number, EdgeProblemDefinition>(Object.values(edgeProblems).map((definition) => [definition.status, definition]));
byStatus.set(400, edgeProblems.badRequest);

function ofHttpException(exception: HttpException, requestId?: string): Problem {
  const status = exception.getStatus();
  const known = byStatus.get(status);
  if (known && status < 500) return document(known, exception.message, requestId);
  if (status < 500) return document({ ...edgeProblems.badRequest, status }, exception.message, requestId);
  const definition = status === 503 ? edgeProblems.unavailable : edgeProblems.internalError;
  return document(definition, 'The server cannot answer this now.', requestId);
}

function document(definition: EdgeProblemDefinition, detail: string, requestId?: string, errors?: readonly ProblemError[]): Problem {
  const { code, status, hint } = definition;
  return { type: typeOf(code), title: titleOf(code), status, code, detail, hint, requestId, ...(errors?.length ? { errors } : {}) };
}
