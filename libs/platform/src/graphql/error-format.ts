import { HttpException } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isTransient } from '#event-sourcing/sql.js';
import { Refusal } from '#kernel/refusal.js';
import { EdgeProblem, edgeProblems } from '../http/edge-problem.js';
import { type Problem, problemOf, statusOf } from '../http/problem.js';
import { currentContext } from '../http/request-context.js';
import { graphqlInvalid, graphqlMalformed } from './graphql.refusals.js';
import { graphqlErrorOf } from './graphql-error.js';
import { queryTooComplex } from './limits.js';

/** A refusal before the query is read has a status; one inside it is a part of the answer, which is 200. */
export function withStatus(refusal: Refusal): GraphQLError {
  return new GraphQLError(refusal.message, { originalError: refusal, extensions: { http: { status: statusOf[refusal.kind] } } });
}

/** GraphQL errors with the codes of REST: `message` is the detail, the rest is in `extensions`. `report` sees the unexpected. */
export function formatWith(report: (error: unknown) => void) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const cause = causeOf(thrown);
    const problem = known(cause) ? problemOf(cause) : ofGraphql(formatted);
    if (problem.status >= 500 && !(cause instanceof Refusal)) report(cause);
    return {
      ...graphqlErrorOf({ ...problem, requestId: currentContext()?.requestId }),
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
    };
  };
}

function known(cause: unknown): boolean {
  return cause instanceof Refusal || cause instanceof EdgeProblem || cause instanceof HttpException || isTransient(cause);
}

/** Coercion and execution wrap what was thrown, sometimes more than once. */
function causeOf(thrown: unknown): unknown {
  return thrown instanceof GraphQLError && thrown.originalError ? causeOf(thrown.originalError) : thrown;
}

/** What GraphQL itself has against a request, by Apollo's code. */
function ofGraphql({ message, extensions }: GraphQLFormattedError): Problem {
  const requestId = currentContext()?.requestId;
  const overLimit = limitIn(message);
  if (overLimit) return problemOf(queryTooComplex(overLimit), requestId);
  switch (extensions?.code) {
    case 'GRAPHQL_PARSE_FAILED':
      return problemOf(graphqlMalformed(message), requestId);
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'BAD_USER_INPUT':
    case 'OPERATION_RESOLUTION_FAILURE':
    case 'INTROSPECTION_DISABLED':
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
      return problemOf(graphqlInvalid(message), requestId);
    case 'BAD_REQUEST':
      return problemOf(new EdgeProblem(edgeProblems.badRequest, message), requestId);
    default:
      // An operation of a kind that the schema does not have is found out only when it is to be executed.
      if (/^Schema is not configured to execute \w+ operation/.test(message)) return problemOf(graphqlInvalid(message), requestId);
      return problemOf(undefined, requestId);
  }
}

/** The limits on the text of a query are not ours: armor and the parser say which it was. */
function limitIn(message: string): string | undefined {
  const tokens = /Document contains more tha[nt] (\d+) tokens/.exec(message)?.[1];
  if (tokens !== undefined) return `The query has more than ${tokens} tokens, which is the limit.`;
  const [, what, limit, found] = /(Query depth|Aliases|Directives) limit of (\d+) exceeded, found (\d+)/.exec(message) ?? [];
  if (what === undefined) return undefined;
  return what === 'Query depth'
    ? `The query is ${found} levels deep; the limit is ${limit}.`
    : `The query has ${found} ${what.toLowerCase()}; the limit is ${limit}.`;
}
