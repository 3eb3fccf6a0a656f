import { type Bindings, type ChildLoggerOptions, destination, type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';
import { currentContext } from '../http/request-context.js';

/** Injects the process's log: `@Inject(LOG) log: Logger`. */
export const LOG = Symbol('Log');

/**
 * The only fields that reach a line. Everything else is dropped, so that no request, header, secret, signature or personal
 * datum can be logged by accident; whoever needs a new field adds it here, where a reviewer sees it.
 */
const LOGGED_FIELDS: ReadonlySet<string> = new Set([
  ...['context', 'requestId', 'correlationId', 'actorId', 'err', 'method', 'route', 'status', 'durationMs', 'bytes', 'code'],
  ...[
    'accountId',
    'aggregateId',
    'stream',
    'bucket',
    'position',
    'version',
    'eventId',
    'eventType',
    'commandType',
    'reader',
    'saga',
    'timer',
    'dueAt',
    'loop',
    'kind',
  ],
  ...[
    'queue',
    'jobId',
    'attempt',
    'attemptId',
    'count',
    'rows',
    'gateway',
    'gatewayRequestId',
    'webhookId',
    'endpointId',
    'migration',
    'port',
    'check',
  ],
]);

/** Where the lines go, when not to standard output or a file: tests collect them. */
export interface LineSink {
  write(line: string): void;
}

/** JSON lines with the ids of the request they belong to. */
export function createLog(config: Pick<Config, 'logLevel' | 'logFile'>, sink?: LineSink): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    formatters: { level: (label: string) => ({ level: label }), log: allowed },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: idsOfRequest,
    serializers: { err: errorFields },
  };
  return withAllowedChildren(pino(options, sink ?? destination({ dest: config.logFile ?? 1, mkdir: true, sync: true })));
}

/** pino formats what a line is given, but not what a child is bound to. */
function withAllowedChildren(log: Logger): Logger {
  const { child } = log;
  const allowedChild = function (this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
    return Reflect.apply(child, this, [allowed(bindings), options]);
  };
  return Object.assign(log, { child: allowedChild });
}

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => LOGGED_FIELDS.has(name)));
}

function idsOfRequest(): object {
  const context = currentContext();
  if (!context) return {};
  return {
    requestId: context.requestId,
    correlationId: context.correlationId,
    ...(context.isAuthenticated ? { actorId: context.actor.id } : {}),
  };
}

/** A database error carries the statement with its parameters, a gateway's the raw answer: only these fields are safe. */
function errorFields(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { message: 'Something was thrown that is no error.' };
  const { code, constraint } = thrown as { code?: unknown; constraint?: unknown };
  const fields: Record<string, unknown> = { type: thrown.name, message: thrown.message, stack: thrown.stack };
  if (typeof code === 'string') fields.code = code;
  if (typeof constraint === 'string') fields.constraint = constraint;
  if (thrown.cause instanceof Error && depth < 3) fields.cause = errorFields(thrown.cause, depth + 1);
  return fields;
}
