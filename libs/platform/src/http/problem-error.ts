/** One wrong place of a request. */
export interface ProblemError {
  /** JSON pointer (RFC 6901) into the body, or `/name` of a query or path parameter. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Where the pointer points into, when it is not the body. */
  readonly in?: 'query' | 'path';
}

/** One step of a JSON pointer, escaped (RFC 6901). */
export function step(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
