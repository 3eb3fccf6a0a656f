import { FaultPlan, type FaultRule } from './fault-plan.js';

/**
 * What can go wrong with a request. `before`: nothing was done. `after`: it was done and only the answer suffers.
 *
 * - `timeout_…`: no answer; the connection is closed after `ms`.
 * - `reset_…`: the connection is closed at once.
 * - `error_…`: 500. After acting the 500 is what the idempotency key replays, as with Stripe, unless `replays` is `answer`.
 * - `rate_limit`: 429. `lock_timeout`: 429 with that code. `key_in_use`: 409 as for a key whose request is still running.
 * - `delay`: acts after `ms`, holding the idempotency key meanwhile. `delay_after`: acts at once and answers after `ms`.
 */
export const requestFaultKinds = [
  'timeout_before',
  'reset_before',
  'error_before',
  'rate_limit',
  'lock_timeout',
  'key_in_use',
  'delay',
  'timeout_after',
  'reset_after',
  'error_after',
  'delay_after',
] as const;

export type RequestFaultKind = (typeof requestFaultKinds)[number];

export interface RequestFaultRule extends FaultRule<RequestFaultKind> {
  method: string | null;
  /** A path in which a segment may be `*` for anything. */
  path: string | null;
  /** Entries that the request, or the payment intent it names, must carry. */
  metadata: Record<string, string>;
  /** HTTP status instead of the usual one of an answering fault. */
  status: number | null;
  replays: 'error' | 'answer';
}

export interface FaultySubject {
  method: string;
  path: string;
  /** Looked up only when a rule asks for it. */
  metadata: () => Record<string, string>;
}

export type RequestFaults = FaultPlan<RequestFaultKind, FaultySubject, RequestFaultRule>;

export function requestFaults(): RequestFaults {
  return new FaultPlan<RequestFaultKind, FaultySubject, RequestFaultRule>((rule, subject) => {
    if (rule.method !== null && rule.method !== subject.method) return false;
    if (rule.path !== null && !pathMatches(rule.path, subject.path)) return false;
    const wanted = Object.entries(rule.metadata);
    if (wanted.length === 0) return true;
    const given = subject.metadata();
    return wanted.every(([key, value]) => given[key] === value);
  });
}

function pathMatches(pattern: string, path: string): boolean {
  const [expected, actual] = [pattern.split('/'), path.split('/')];
  return expected.length === actual.length && expected.every((segment, index) => segment === '*' || segment === actual[index]);
}
