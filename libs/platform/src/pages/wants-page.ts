import type { Request } from 'express';

/** A person in front of a browser, who is better served by a page; programs ask for JSON or for anything. */
export function wantsPage(request: Request): boolean {
  return ['GET', 'HEAD'].includes(request.method) && request.accepts(['application/json', 'text/html']) === 'text/html';
}
