import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { etagOf } from './etag.js';

/** An answer with a status and headers of its own; what a handler returns when a bare body is not enough. */
export class Answered {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: unknown,
  ) {}
}

/** The state of a resource with its `ETag`: 200, or 201 for one that was just created. */
export function resource(body: unknown, version: number, status: 200 | 201 = 200): Answered {
  return new Answered(status, { ETag: etagOf(version) }, body);
}

/** The answer recorded with a command; a repetition says so with `Idempotent-Replayed: true`. */
export function recorded(
  answer: { status: number; headers: Readonly<Record<string, string>>; body: unknown },
  replayed: boolean,
): Answered {
  return new Answered(answer.status, replayed ? { ...answer.headers, 'Idempotent-Replayed': 'true' } : answer.headers, answer.body);
}

@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<string>() !== 'http') return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(map((result: unknown) => (result instanceof Answered ? apply(result, response) : result)));
  }
}

function apply(answer: Answered, response: Response): unknown {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  return answer.body;
}
