import { FaultPlan, type FaultRule } from '../faults/fault-plan.js';

/**
 * What can go wrong with a webhook: it comes twice (the second `ms` later), `ms` late, after events that happened later
 * (or after `ms` when none follow), or never.
 */
export const webhookFaultKinds = ['duplicate', 'late', 'out_of_order', 'drop'] as const;

export type WebhookFaultKind = (typeof webhookFaultKinds)[number];

export interface WebhookFaultRule extends FaultRule<WebhookFaultKind> {
  /** Types that are hit, exact or ending in `*`; empty means all. */
  types: string[];
}

export type WebhookFaults = FaultPlan<WebhookFaultKind, string, WebhookFaultRule>;

export function webhookFaults(): WebhookFaults {
  return new FaultPlan<WebhookFaultKind, string, WebhookFaultRule>(
    (rule, type) =>
      rule.types.length === 0 ||
      rule.types.some((wanted) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted)),
  );
}
