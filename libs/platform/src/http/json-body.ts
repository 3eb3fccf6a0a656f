import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { EdgeProblem, edgeProblems } from './edge-problem.js';
import { parseExactJson, refusalOfJson } from './exact-json.js';
import { RefusalWithErrors } from './problem.js';

declare module 'http' {
  interface IncomingMessage {
    /** The bytes as they were sent: a webhook's signature is over them. */
    rawBody?: Buffer;
  }
}

/** What others sign is verified and read from its bytes: their exchange rates have as many digits as they like. */
const SIGNED_BY_OTHERS = /^\/v1\/webhooks\//;

/** Reads JSON bodies, up to the limit (after decompression), exactly; any other media type is refused. */
export function jsonBody(limitBytes: number): RequestHandler[] {
  return [
    refuseOtherMedia,
    express.raw({ type: isJson, limit: limitBytes }),
    parseBody,
    explainBodyFailure(limitBytes),
  ] as RequestHandler[];
}

function isJson(request: { headers: { 'content-type'?: string } }): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
}

function refuseOtherMedia(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (hasBody && (!isJson(request) || (charset && !/^utf-?8$/i.test(charset)))) {
    throw new EdgeProblem(edgeProblems.mediaTypeUnsupported, 'The body is not declared as application/json in UTF-8.', {
      Accept: 'application/json',
    });
  }
  next();
}

function parseBody(request: Request, _response: Response, next: NextFunction): void {
  if (Buffer.isBuffer(request.body)) {
    request.rawBody = request.body;
    request.body = SIGNED_BY_OTHERS.test(request.path) ? undefined : exactObject(request.body);
  }
  next();
}

function exactObject(bytes: Buffer): object {
  const { value, errors, tooDeep } = parsed(bytes);
  if (tooDeep) throw new EdgeProblem(edgeProblems.jsonMalformed, 'The body is nested too deeply.');
  if (typeof value !== 'object' || value === null) throw new EdgeProblem(edgeProblems.jsonMalformed, 'The body is JSON, but no object.');
  if (errors.length === 0) return value;
  throw new RefusalWithErrors(refusalOfJson(errors), errors);
}

function parsed(bytes: Buffer): ReturnType<typeof parseExactJson> {
  if (bytes.length === 0) return { value: {}, errors: [], tooDeep: false };
  try {
    return parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw new EdgeProblem(edgeProblems.jsonMalformed, 'The body is nested too deeply.');
    const position = error instanceof SyntaxError ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined;
    throw new EdgeProblem(
      edgeProblems.jsonMalformed,
      position ? `The body is not JSON: it breaks ${position}.` : 'The body is not JSON in UTF-8.',
    );
  }
}

/** The parser's own errors, in our words. */
function explainBodyFailure(limitBytes: number) {
  return (error: { type?: string }, _request: Request, _response: Response, next: NextFunction): void => {
    if (error.type === 'entity.too.large') {
      next(new EdgeProblem(edgeProblems.bodyTooLarge, `The body is larger than ${limitBytes} bytes.`));
    } else if (error.type === 'encoding.unsupported') {
      next(new EdgeProblem(edgeProblems.mediaTypeUnsupported, 'The content encoding is not known.'));
    } else next(error);
  };
}
