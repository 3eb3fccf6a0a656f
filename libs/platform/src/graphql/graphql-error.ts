import type { GraphQLFormattedError } from 'graphql';
import type { Problem } from '../http/problem.js';

/** What callers of GraphQL can do, where the hint of the code speaks of REST. */
const hints: Readonly<Record<string, string>> = {
  bad_request: 'Send one JSON object with `query`, and `variables` where the query has any.',
  body_too_large: 'Send a shorter query, or several requests.',
  cursor_invalid: 'Send the `endCursor` of the page before as `after`, with the same filters, or none for the first page.',
  json_malformed: 'Send one JSON object in UTF-8 with `query`, and `variables` where the query has any.',
  limit_invalid: '`first` is a whole number from 1 to 100: fetch what is beyond with `after`.',
  media_type_unsupported: 'Send the query as application/json in UTF-8.',
  method_not_allowed: 'Send the query with POST.',
  unavailable: 'Repeat the query in a few seconds.',
  rate_limited: 'Repeat the query in a few seconds.',
  validation_failed: 'Correct the arguments listed in `errors`; introspection shows what each takes.',
};

/** A problem as one error of a GraphQL answer: `message` is the detail, the rest is in `extensions`. */
export function graphqlErrorOf({ code, detail, hint, requestId, errors }: Problem): GraphQLFormattedError {
  return { message: detail, extensions: { code, hint: hints[code] ?? hint, requestId, ...(errors ? { errors } : {}) } };
}
