import type Stripe from 'stripe';

type ErrorType = NonNullable<Stripe.StripeRawError['type']>;

export interface ErrorBody extends Stripe.StripeRawError {
  type: ErrorType;
  message: string;
}

/**
 * An answer in Stripe's error shape.
 *
 * `executed` says whether the endpoint had begun its work: only then does Stripe keep the answer under the idempotency key.
 * `keepsChanges` says whether what was done before the failure stays, as a declined payment does.
 */
export class StripeFailure extends Error {
  readonly executed: boolean;
  readonly keepsChanges: boolean;

  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    { executed = true, keepsChanges = false }: { executed?: boolean; keepsChanges?: boolean } = {},
  ) {
    super(body.message);
    this.executed = executed;
    this.keepsChanges = keepsChanges;
  }
}

export function documentation(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
}

/** A parameter that Stripe refuses before it begins, so the key of the request stays free. */
export function invalidParameter(message: string, param: string, code?: string): StripeFailure {
  const coded = code === undefined ? {} : { code, doc_url: documentation(code) };
  return new StripeFailure(400, { type: 'invalid_request_error', message, param, ...coded }, { executed: false });
}

/** A request that is well formed but that the state of things does not allow. */
export function notAllowed(message: string, details: Partial<ErrorBody> = {}): StripeFailure {
  const docUrl = details.code === undefined ? {} : { doc_url: documentation(details.code) };
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...docUrl, ...details });
}

/** 404 when the object is named in the path, 400 when it is named in a parameter. */
export function noSuch(what: string, id: string, param: string, status: 400 | 404): StripeFailure {
  return new StripeFailure(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    doc_url: documentation('resource_missing'),
    message: `No such ${what}: '${id}'`,
    param,
  });
}
