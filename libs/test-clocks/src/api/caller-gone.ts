import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** `@CallerGone() gone: AbortSignal` is aborted when nobody is there any more to hear the answer. */
export const CallerGone = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const gone = new AbortController();
  const response = context.switchToHttp().getResponse<Response>();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
});
