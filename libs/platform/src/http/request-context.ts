import { AsyncLocalStorage } from 'node:async_hooks';
import { createParamDecorator } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { newId } from '#kernel/ids.js';
import { apiKeyMissing } from '../auth/api-key.refusals.js';

export const roles = ['super_admin', 'billing_admin', 'support_rep', 'finance_viewer'] as const;
export type Role = (typeof roles)[number];

/** Who is asking, as proven by the credentials of the request. */
export interface Actor {
  readonly kind: 'api-key';
  readonly id: string;
  readonly role: Role;
}

/** What belongs to one request from its first byte to its last, whichever door it came through. */
export class RequestContext {
  private proven: Actor | null = null;

  constructor(
    readonly requestId: string,
    readonly correlationId: string,
    /** The address that it came from: personal, so it goes into no log. */
    readonly address?: string,
  ) {}

  /** Who is asking. A handler that asks for the actor on a public route is refused like a caller without a key. */
  get actor(): Actor {
    if (!this.proven) throw apiKeyMissing('This needs an API key.');
    return this.proven;
  }

  get isAuthenticated(): boolean {
    return this.proven !== null;
  }

  /** The actor as it is written into events and the audit log, e.g. `api-key:3f0c…`. */
  get actorName(): string {
    return `${this.actor.kind}:${this.actor.id}`;
  }

  authenticate(actor: Actor): void {
    this.proven = actor;
  }
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the request that is being answered, or undefined outside of one (timers, readers, start). */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs the work as part of a request; for doors other than HTTP, and for tests. */
export function withContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Ids end up in logs, events and headers: what is not plainly an id is replaced. */
const SANE_ID = /^[A-Za-z0-9._:-]{1,128}$/;

function saneId(given: string | undefined): string | undefined {
  return given && SANE_ID.test(given) ? given : undefined;
}

/** First in the chain, so that even a body that cannot be parsed is answered and logged with its request id. */
export function openContext(request: Request, response: Response, next: NextFunction): void {
  const requestId = saneId(request.get('x-request-id')) ?? newId();
  const correlationId = saneId(request.get('x-correlation-id')) ?? requestId;
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('X-Correlation-Id', correlationId);
  storage.run(new RequestContext(requestId, correlationId, request.ip), next);
}

/** The request's context in a controller or resolver: `@CurrentRequest() request: RequestContext`. */
export const CurrentRequest = createParamDecorator((): RequestContext => {
  const context = currentContext();
  if (!context) throw new Error('There is no request here: configureHttp() was not called.');
  return context;
});
