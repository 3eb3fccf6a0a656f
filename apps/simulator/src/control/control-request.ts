import type { z } from 'zod';

export interface ControlRequest {
  captures: string[];
  query: URLSearchParams;
  body: unknown;
}

export class ControlRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The body as its schema describes it. @throws ControlRefusal 400 that names what is wrong. */
export function bodyOf<T>(request: ControlRequest, schema: z.ZodType<T>): T {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  throw new ControlRefusal(400, result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '));
}
