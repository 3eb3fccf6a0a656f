import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Authenticator } from '../auth/authenticator.js';
import { EdgeProblem, edgeProblems } from '../http/edge-problem.js';
import { problemOf } from '../http/problem.js';
import { currentContext } from '../http/request-context.js';

/** Where the dashboard of the queues stands. */
export const QUEUE_BOARD_PATH = '/admin/queues';

/**
 * Lets only a Super Admin pass. A browser sends no bearer token with the address bar, so the API key is also taken as the
 * password of a Basic authentication; the dashboard changes nothing, so that no other page can misuse what a browser remembers.
 */
export function superAdminsOnly(authenticator: Authenticator): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    try {
      const actor = await authenticator.authenticate(bearerOf(request.get('authorization')));
      if (actor.role !== 'super_admin') throw new EdgeProblem(edgeProblems.forbidden, 'The queues are shown to a Super Admin only.');
      currentContext()?.authenticate(actor);
      next();
    } catch (error) {
      refuse(error, response);
    }
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return authorization;
  const given = Buffer.from(encoded, 'base64').toString();
  return `Bearer ${given.slice(given.indexOf(':') + 1)}`;
}

/** Nest's filters do not stand in front of what is mounted beside its router. */
function refuse(error: unknown, response: Response): void {
  const problem = problemOf(error, currentContext()?.requestId);
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="perennial queues", charset="UTF-8"');
  if (problem.status === 503) response.setHeader('Retry-After', '5');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json');
  response.status(problem.status).end(JSON.stringify(problem));
}
