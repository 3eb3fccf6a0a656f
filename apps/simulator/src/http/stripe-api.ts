import type { StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'qs';
import type { ChosenFault } from '../faults/fault-plan.js';
import type { RequestFaultKind, RequestFaultRule, RequestFaults } from '../faults/request-faults.js';
import { expanded } from '../resources/expansion.js';
import type { StripeAccount } from '../resources/stripe-account.js';
import { apiVersion, type RecordedEvent } from '../state/event-log.js';
import { newObjectId } from '../state/object-ids.js';
import type { Authorization } from './authorization.js';
import { IdempotencyKeys, keyInUse, type StoredAnswer } from './idempotency.js';
import { Parameters, type ParameterValue } from './parameters.js';
import { routeFor } from './routes.js';
import { type ErrorBody, StripeFailure } from './stripe-failure.js';
import type { StripeRequest } from './stripe-request.js';

export interface RawRequest {
  method: string;
  path: string;
  /** The query of a GET or DELETE, the body of a POST; form-encoded. */
  form: string;
  authorization: string | undefined;
  idempotencyKey: string | null;
  stripeVersion: string | undefined;
}

/** What the caller gets: an answer, or a connection that closes after `closeAfterMs` without one. */
export type Reply = { status: number; body: string; headers: Record<string, string> } | { closeAfterMs: number };

type Fault = ChosenFault<RequestFaultKind, RequestFaultRule>;
type Endpoint = NonNullable<ReturnType<typeof routeFor>>['endpoint'];

/** Stripe's HTTP interface, without the sockets. */
export class StripeApi {
  readonly keys: IdempotencyKeys;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly rollback: StatementSync;

  constructor(
    private readonly account: StripeAccount,
    private readonly authorization: Authorization,
    private readonly faults: RequestFaults,
    private readonly send: (events: RecordedEvent[]) => void,
  ) {
    this.keys = new IdempotencyKeys(account.database, account.clock);
    this.begin = account.database.prepare('BEGIN IMMEDIATE');
    this.commit = account.database.prepare('COMMIT');
    this.rollback = account.database.prepare('ROLLBACK');
  }

  async reply(raw: RawRequest, stopped: AbortSignal): Promise<Reply> {
    const requestId = newObjectId('req');
    try {
      this.authorization.check(raw.authorization);
      return await this.serve(raw, requestId, stopped);
    } catch (error) {
      if (error instanceof StripeFailure) return this.answered(raw, failureAnswer(error, requestId));
      throw error;
    }
  }

  /** Runs something outside Stripe's interface, such as a bank's late answer, as one transaction, and sends its events. */
  change<T>(work: () => T): T {
    this.begin.run();
    try {
      const result = work();
      this.commit.run();
      this.send(this.account.events.takeRecorded());
      return result;
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  private async serve(raw: RawRequest, requestId: string, stopped: AbortSignal): Promise<Reply> {
    const route = routeFor(raw.method, raw.path);
    if (route === undefined) throw unknownUrl(raw);
    const parsed: unknown = parse(raw.form, { depth: 8, parameterLimit: 2000, parseArrays: false, plainObjects: true });
    const request: StripeRequest = {
      id: requestId,
      method: raw.method,
      path: raw.path,
      parameters: new Parameters(parsed as { [name: string]: ParameterValue }),
      idempotencyKey: raw.method === 'POST' ? raw.idempotencyKey : null,
      captures: route.captures,
    };
    const fault = this.faults.choose({ method: raw.method, path: raw.path, metadata: () => this.metadataOf(request) });
    const spoiled = fault && this.spoiledBefore(fault, request);
    if (spoiled !== undefined) return spoiled;

    const key = request.idempotencyKey;
    if (key === null) return this.finish(raw, request, route.endpoint, fault, stopped);
    const kept = this.keys.take(key, `${raw.method} ${raw.path}`, canonical(raw.form));
    if (kept !== undefined) return this.afterwards(fault, this.answered(raw, kept, requestId), requestId, stopped);
    try {
      return await this.finish(raw, request, route.endpoint, fault, stopped);
    } finally {
      this.keys.release(key);
    }
  }

  private async finish(
    raw: RawRequest,
    request: StripeRequest,
    endpoint: Endpoint,
    fault: Fault | undefined,
    stopped: AbortSignal,
  ): Promise<Reply> {
    if (fault?.kind === 'delay') await sleep(fault.rule.ms, undefined, { signal: stopped });
    const replacedBy =
      fault?.kind === 'error_after' && fault.rule.replays === 'error' ? failureAnswer(serverError(fault), request.id) : undefined;
    const answer = this.act(raw, request, endpoint, replacedBy);
    // The work is done and its answer kept: whoever asks again with the key gets it, even while this reply is held back.
    if (request.idempotencyKey !== null) this.keys.release(request.idempotencyKey);
    return this.afterwards(fault, this.answered(raw, answer), request.id, stopped);
  }

  /** Does the work and keeps its answer under the key, in one transaction. */
  private act(raw: RawRequest, request: StripeRequest, endpoint: Endpoint, replacedBy: StoredAnswer | undefined): StoredAnswer {
    if (request.method === 'GET') return this.read(request, endpoint);
    this.begin.run();
    let answer: StoredAnswer;
    let keeps = true;
    try {
      answer = this.read(request, endpoint);
    } catch (error) {
      if (!(error instanceof StripeFailure)) {
        this.undo();
        throw error;
      }
      if (!error.keepsChanges) {
        this.undo();
        this.begin.run();
      }
      keeps = error.executed;
      answer = failureAnswer(error, request.id);
    }
    if (keeps && request.idempotencyKey !== null) {
      this.keys.keep(request.idempotencyKey, `${raw.method} ${raw.path}`, canonical(raw.form), replacedBy ?? answer);
    }
    this.commit.run();
    this.send(this.account.events.takeRecorded());
    return answer;
  }

  private undo(): void {
    this.rollback.run();
    this.account.events.takeRecorded();
  }

  private read(request: StripeRequest, endpoint: Endpoint): StoredAnswer {
    const result = expanded(this.account, endpoint(this.account, request), request.parameters.list('expand'));
    return { status: 200, body: JSON.stringify(result), requestId: request.id };
  }

  /** The faults that keep the request from being seen at all. */
  private spoiledBefore({ kind, rule }: Fault, request: StripeRequest): Reply | undefined {
    switch (kind) {
      case 'timeout_before':
        return { closeAfterMs: rule.ms };
      case 'reset_before':
        return { closeAfterMs: 0 };
      case 'error_before':
        throw serverError({ kind, rule });
      case 'rate_limit':
        throw refusal(rule.status ?? 429, {
          type: 'rate_limit_error',
          code: 'rate_limit',
          message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
        });
      case 'lock_timeout':
        throw refusal(rule.status ?? 429, {
          type: 'invalid_request_error',
          code: 'lock_timeout',
          message:
            'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see ' +
            'this error intermittently, retry the request.',
        });
      case 'key_in_use':
        throw keyInUse(request.idempotencyKey ?? '');
      default:
        return undefined;
    }
  }

  /** The faults that spoil the answer to what has been done. */
  private async afterwards(fault: Fault | undefined, reply: Reply, requestId: string, stopped: AbortSignal): Promise<Reply> {
    if (fault === undefined) return reply;
    switch (fault.kind) {
      case 'timeout_after':
        return { closeAfterMs: fault.rule.ms };
      case 'reset_after':
        return { closeAfterMs: 0 };
      case 'error_after':
        return { ...failureAnswer(serverError(fault), requestId), headers: { 'request-id': requestId, 'stripe-should-retry': 'false' } };
      case 'delay_after':
        await sleep(fault.rule.ms, undefined, { signal: stopped });
        return reply;
      default:
        return reply;
    }
  }

  private answered(raw: RawRequest, answer: StoredAnswer, replayedAs?: string): Reply {
    const headers: Record<string, string> = {
      'request-id': replayedAs ?? answer.requestId,
      'stripe-version': raw.stripeVersion ?? apiVersion,
    };
    if (raw.idempotencyKey !== null) headers['idempotency-key'] = raw.idempotencyKey;
    if (replayedAs !== undefined) {
      headers['idempotent-replayed'] = 'true';
      headers['original-request'] = answer.requestId;
    }
    if (answer.status === 409 || (answer.status === 429 && answer.body.includes('"lock_timeout"'))) headers['stripe-should-retry'] = 'true';
    if (answer.status >= 500 && replayedAs !== undefined) headers['stripe-should-retry'] = 'false';
    return { status: answer.status, body: answer.body, headers };
  }

  private metadataOf(request: StripeRequest): Record<string, string> {
    const intent = this.account.paymentIntents.find(request.captures[0] ?? request.parameters.text('payment_intent') ?? '');
    return request.parameters.metadata(intent?.metadata ?? {});
  }
}

function failureAnswer(failure: StripeFailure, requestId: string): StoredAnswer {
  return { status: failure.status, body: JSON.stringify({ error: failure.body }), requestId };
}

function refusal(status: number, body: ErrorBody): StripeFailure {
  return new StripeFailure(status, body, { executed: false });
}

function serverError({ rule }: Fault): StripeFailure {
  return refusal(rule.status ?? 500, { type: 'api_error', message: 'An error occurred on our side. (A fault that was asked for.)' });
}

function unknownUrl(raw: RawRequest): StripeFailure {
  return refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${raw.method}: ${raw.path}). Please see https://stripe.com/docs or the README of the simulator.`,
  });
}

/** The same parameters in another order are the same parameters. */
function canonical(form: string): string {
  return form.split('&').sort().join('&');
}
