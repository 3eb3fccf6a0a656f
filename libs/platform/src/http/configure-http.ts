import type { Server } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import type { CorsOptions, CorsOptionsDelegate } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import type { Logger as Log } from 'pino';
import { Config } from '../config/config.js';
import { LOG } from '../logging/log.js';
import { requestLog } from '../logging/request-log.js';
import { setupOpenApi } from '../openapi/setup-open-api.js';
import { setupPages } from '../pages/setup-pages.js';
import { EdgeProblem, edgeProblems } from './edge-problem.js';
import { isStorable } from './exact-json.js';
import { jsonBody } from './json-body.js';
import { openContext } from './request-context.js';
import { answerUnparsed } from './unparsed-request.js';

/** For `NestFactory.create(…, httpOptions)` and `createNestApplication(httpOptions)`: bodies are read by `configureHttp`. */
export const httpOptions = { bodyParser: false, bufferLogs: true } satisfies NestApplicationOptions;

/** Makes an application speak HTTP as all of ours do. Call it after creating the application and before `init` or `listen`. */
export function configureHttp(app: NestExpressApplication): NestExpressApplication {
  const config = app.get(Config);
  app.useLogger(app.get(Logger));
  app.set('trust proxy', typeof config.trustProxy === 'number' ? config.trustProxy : [...config.trustProxy]);
  // ETags are versions of streams; a hash of the bytes would look like one.
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(openContext, requestLog(app.get<Log>(LOG)), helmet(helmetOptions));
  app.enableCors(corsFor(config));
  app.use(refuseWithoutHost, refuseExpectation, refuseStrangeAddress, neverStored);
  setupPages(app);
  app.use('/graphql', postOnly);
  app.use(...jsonBody(config.bodyLimitBytes));
  const server: Server = app.getHttpServer();
  answerUnparsed(server);
  // Load balancers keep idle connections for a minute: whoever sends must be the one who closes, or requests are cut off.
  server.keepAliveTimeout = 65_000;
  setupOpenApi(app);
  app.enableShutdownHooks();
  return app;
}

const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      // Bull's dashboard names its own base.
      baseUri: ["'self'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      // Swagger UI sets style attributes; nobody's text is ever rendered as HTML.
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
    },
  },
};

/** Which pages of other origins may call: the API only, never the pages of ours that show a key. */
function corsFor(config: Config): CorsOptionsDelegate<Request> {
  const [allowed, nobody] = [corsOf(config), { origin: false }];
  return (request, callback) =>
    callback(null, /^\/(?:v1|graphql|health|docs\/openapi\.json)(?:[/?]|$)/.test(request.path) ? allowed : nobody);
}

function corsOf(config: Config): CorsOptions {
  return {
    origin: config.corsOrigins.map((origin) =>
      origin.endsWith(':*') ? new RegExp(`^${RegExp.escape(origin.slice(0, -2))}(:\\d+)?$`) : origin,
    ),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'X-Request-Id',
      'X-Correlation-Id',
      'Apollo-Require-Preflight',
    ],
    exposedHeaders: [
      'ETag',
      'Location',
      'Idempotent-Replayed',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'X-Request-Id',
      'X-Correlation-Id',
      'Allow',
    ],
    maxAge: 600,
  };
}

/** RFC 9112, 3.2: a request of HTTP/1.1 names its host. */
function refuseWithoutHost(request: Request, _response: Response, next: NextFunction): void {
  if (request.headers.host === undefined && request.httpVersion === '1.1')
    throw new EdgeProblem(edgeProblems.badRequest, 'The request has no Host header.');
  next();
}

/** RFC 9110, 10.1.1: there is one expectation, which Node has met before the request comes here; HTTP/1.0 has none. */
function refuseExpectation(request: Request, _response: Response, next: NextFunction): void {
  const { expect } = request.headers;
  if (expect !== undefined && request.httpVersion === '1.1' && !/(?:^|\W)100-continue(?:$|\W)/i.test(expect))
    throw new EdgeProblem(edgeProblems.expectationFailed, 'The request expects something that is not known here.');
  next();
}

/** PostgreSQL takes no U+0000 in text, and what is no UTF-8 would be read as other characters than were sent. */
function refuseStrangeAddress(request: Request, _response: Response, next: NextFunction): void {
  const address = decodedAddress(request.originalUrl);
  if (address === undefined) throw new EdgeProblem(edgeProblems.badRequest, 'The address is not UTF-8, percent-encoded.');
  if (!isStorable(address)) throw new EdgeProblem(edgeProblems.badRequest, 'The address holds the character U+0000.');
  next();
}

function decodedAddress(address: string): string | undefined {
  try {
    return decodeURIComponent(address);
  } catch {
    return undefined;
  }
}

/** What the API answers is somebody's billing data, and no cache's. */
function neverStored(request: Request, response: Response, next: NextFunction): void {
  if (/^\/(?:v1|graphql)(?:\/|$)/.test(request.path)) response.setHeader('Cache-Control', 'no-store');
  next();
}

/** A query in an address ends up in logs and histories, and a GET passes the browser's checks. */
function postOnly(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== 'POST') {
    throw new EdgeProblem(edgeProblems.methodNotAllowed, `${request.method} is not possible here, only POST.`, { Allow: 'POST' });
  }
  next();
}
