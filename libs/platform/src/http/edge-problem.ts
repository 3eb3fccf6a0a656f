import type { ProblemError } from './problem-error.js';

/** A failure of the transport rather than of the business: it has a status of its own. */
export interface EdgeProblemDefinition {
  readonly code: string;
  readonly status: number;
  readonly hint: string;
}

/** What HTTP itself can get wrong, by code. Everything else is a refusal. */
export const edgeProblems = {
  badRequest: { code: 'bad_request', status: 400, hint: 'The request could not be understood: compare it with /docs.' },
  jsonMalformed: { code: 'json_malformed', status: 400, hint: 'Send one JSON object in UTF-8.' },
  forbidden: { code: 'forbidden', status: 403, hint: 'The role of this API key does not allow this.' },
  routeNotFound: { code: 'route_not_found', status: 404, hint: 'There is no such address: see /docs for those there are.' },
  methodNotAllowed: { code: 'method_not_allowed', status: 405, hint: 'Use one of the methods in the Allow header.' },
  bodyTooLarge: { code: 'body_too_large', status: 413, hint: 'Send a smaller body, or several requests.' },
  mediaTypeUnsupported: { code: 'media_type_unsupported', status: 415, hint: 'Send the body as application/json in UTF-8.' },
  expectationFailed: { code: 'expectation_failed', status: 417, hint: 'Send no Expect header, or `Expect: 100-continue`.' },
  rateLimited: { code: 'rate_limited', status: 429, hint: 'Wait for the seconds in the Retry-After header, then repeat the request.' },
  internalError: { code: 'internal_error', status: 500, hint: 'This is a fault of the server: report it with the requestId.' },
  unavailable: { code: 'unavailable', status: 503, hint: 'Wait for the seconds in the Retry-After header, then repeat the request.' },
} as const satisfies Record<string, EdgeProblemDefinition>;

export class EdgeProblem extends Error {
  constructor(
    readonly definition: EdgeProblemDefinition,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly errors?: readonly ProblemError[],
  ) {
    super(detail);
    this.name = 'EdgeProblem';
  }
}
