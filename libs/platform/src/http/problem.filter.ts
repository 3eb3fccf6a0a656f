import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { Refusal } from '#kernel/refusal.js';
import { graphqlErrorOf } from '../graphql/graphql-error.js';
import { LOG } from '../logging/log.js';
import { problemPage } from '../pages/problem-page.js';
import { wantsPage } from '../pages/wants-page.js';
import { allowedMethods } from './allowed-methods.js';
import { EdgeProblem, edgeProblems } from './edge-problem.js';
import { type Problem, problemOf } from './problem.js';
import { currentContext } from './request-context.js';

/** How long a caller waits after a 429 or 503 that does not know better. */
const RETRY_AFTER_SECONDS = 5;

/** Answers everything thrown anywhere in a request as a problem document, and logs what nobody expected. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    // GraphQL takes an error as a result and formats it with its path: see graphql/error-format.ts.
    if (host.getType<string>() === 'graphql') return thrown instanceof Error ? thrown : new Error('Something was thrown that is no error.');
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const failure = thrown instanceof NotFoundException && !request.route ? noRoute(request) : thrown;
    const problem = problemOf(failure, currentContext()?.requestId);
    if (problem.status >= 500 && !(failure instanceof Refusal)) this.log.error({ err: failure }, 'A request failed unexpectedly.');
    // Half an answer cannot be taken back: the connection ends, so that the caller sees that it is broken.
    if (response.headersSent) return response.destroy();
    const isGraphql = /^\/graphql(?:\/|$)/.test(request.path);
    for (const [name, value] of Object.entries(headersOf(failure, problem))) response.setHeader(name, value);
    // One form for each protocol, also for what goes wrong before the query is read.
    if (isGraphql) response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.statusCode = problem.status;
    if (!wantsPage(request)) return response.end(JSON.stringify(isGraphql ? { errors: [graphqlErrorOf(problem)] } : problem));
    const address = `${request.protocol}://${request.headers.host ?? 'localhost'}${request.originalUrl}`;
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(problemPage(problem, address));
  }
}

/** The router has no match: either nothing lives at this address, or it does not take this method. */
function noRoute(request: Request): EdgeProblem {
  const methods = allowedMethods(request.app, request.path);
  if (methods.length === 0) return new EdgeProblem(edgeProblems.routeNotFound, `There is nothing at ${request.path.slice(0, 200)}.`);
  const allow = methods.join(', ');
  return new EdgeProblem(edgeProblems.methodNotAllowed, `${request.method} is not possible here, only ${allow}.`, { Allow: allow });
}

function headersOf(failure: unknown, problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  if (failure instanceof EdgeProblem) Object.assign(headers, failure.headers);
  if (problem.status === 401) {
    headers['WWW-Authenticate'] =
      problem.code === 'api_key_missing' ? 'Bearer realm="perennial"' : 'Bearer realm="perennial", error="invalid_token"';
  }
  if (problem.status === 503 || problem.status === 429) headers['Retry-After'] ??= String(retryAfterSeconds(failure));
  return headers;
}

function retryAfterSeconds(failure: unknown): number {
  const details = failure instanceof Refusal ? failure.details : failure instanceof HttpException ? failure.getResponse() : {};
  const stated = typeof details === 'object' && 'retryAfterSeconds' in details ? details.retryAfterSeconds : undefined;
  return typeof stated === 'number' ? Math.max(1, Math.ceil(stated)) : RETRY_AFTER_SECONDS;
}
