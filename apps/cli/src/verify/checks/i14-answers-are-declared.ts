import type { Check } from '../check.js';
import { examined, type Finding, notChecked, violation } from '../finding.js';
import { jsonLinesOf } from '../json-lines.js';

/** A request as a proxy in front has seen it answered; the names of headers in lower case. */
interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * I14. No request ends in a 5xx but in a 503 that says when to come back, and every error is a problem document. Oracle: a
 * log of what was answered, kept by a proxy: JSON lines `{"method","path","status","headers":{"content-type","retry-after"}}`.
 */
export const answersAreDeclared: Check = {
  id: 'I14',
  invariant: 'no 5xx but a declared 503, and every error a problem document',
  async *run({ requestLog }) {
    if (!requestLog) {
      yield notChecked('answers', 'needs --requests FILE: a log of requests with status and headers of the answers');
      return;
    }
    let count = 0;
    for await (const { number, value } of jsonLinesOf<Answered>(requestLog)) {
      count += 1;
      yield* judged(value, { file: requestLog, line: number, request: `${value.method} ${value.path}` });
    }
    yield examined(count, 'answers');
  },
};

function* judged({ status, headers = {} }: Answered, where: Readonly<Record<string, string | number>>): Generator<Finding> {
  if (status >= 500 && status !== 503) yield violation(where, `A request was answered with ${status}.`);
  if (status === 503 && !/^\d+$/.test(headers['retry-after'] ?? '')) yield violation(where, 'A 503 does not say when to come back.');
  if (status >= 400 && !headers['content-type']?.startsWith('application/problem+json')) {
    yield violation(where, `A ${status} is no problem document, but ${headers['content-type'] ?? 'nothing'}.`);
  }
}
