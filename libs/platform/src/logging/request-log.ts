import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { currentContext, withContext } from '../http/request-context.js';

/** One line for each answered request: the route's template, never its address, since addresses can carry secrets. */
export function requestLog(log: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedMs = performance.now();
    const context = currentContext();
    response.once('close', () => {
      const line = {
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
      };
      const message = response.writableFinished ? 'request answered' : 'request aborted';
      const write = () => log[response.statusCode >= 500 ? 'error' : 'info'](line, message);
      if (context) withContext(context, write);
      else write();
    });
    next();
  };
}

function routeOf(request: Request): string {
  const path: unknown = request.route?.path;
  if (typeof path === 'string') return path;
  return request.originalUrl.startsWith('/graphql') ? '/graphql' : '(none)';
}
