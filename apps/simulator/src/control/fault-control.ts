import { z } from 'zod';
import { type RequestFaultKind, type RequestFaults, requestFaultKinds } from '../faults/request-faults.js';
import { type WebhookFaultKind, type WebhookFaults, webhookFaultKinds } from '../webhooks/webhook-faults.js';
import type { ControlApi } from './control-api.js';
import { bodyOf, ControlRefusal } from './control-request.js';

const common = {
  times: z.int().min(1).nullable().optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.coerce.string().default('0'),
};

const requestKind = z.enum(requestFaultKinds);

const requestRule = z.strictObject({
  kind: requestKind.optional(),
  kinds: z.array(requestKind).min(1).optional(),
  ...common,
  ms: z.int().min(0).max(600_000).default(1_000),
  method: z.string().nullable().default(null),
  path: z.string().nullable().default(null),
  metadata: z.record(z.string(), z.string()).default({}),
  status: z.int().min(400).max(599).nullable().default(null),
  replays: z.enum(['error', 'answer']).default('error'),
});

const webhookKind = z.enum(webhookFaultKinds);

const webhookRule = z.strictObject({
  kind: webhookKind.optional(),
  kinds: z.array(webhookKind).min(1).optional(),
  ...common,
  ms: z.int().min(0).max(600_000).default(1_000),
  types: z.array(z.string()).default([]),
});

export function controlFaults(control: ControlApi, faults: { requests: RequestFaults; webhooks: WebhookFaults }): void {
  control.on('POST', '/faults', (request) => {
    const { kind, kinds, times, ...rule } = bodyOf(request, requestRule);
    return { id: faults.requests.add({ ...rule, kinds: chosen<RequestFaultKind>(kind, kinds), times: timesOf(times, rule.probability) }) };
  });
  control.on('GET', '/faults', () => ({ data: faults.requests.report() }));
  control.on('DELETE', '/faults', () => faults.requests.clear());
  control.on('DELETE', '/faults/:id', ({ captures }) => ({ removed: faults.requests.remove(captures[0] ?? '') }));

  control.on('POST', '/webhooks/faults', (request) => {
    const { kind, kinds, times, ...rule } = bodyOf(request, webhookRule);
    return { id: faults.webhooks.add({ ...rule, kinds: chosen<WebhookFaultKind>(kind, kinds), times: timesOf(times, rule.probability) }) };
  });
  control.on('GET', '/webhooks/faults', () => ({ data: faults.webhooks.report() }));
  control.on('DELETE', '/webhooks/faults', () => faults.webhooks.clear());
  control.on('DELETE', '/webhooks/faults/:id', ({ captures }) => ({ removed: faults.webhooks.remove(captures[0] ?? '') }));
}

/** A certain fault strikes once unless told otherwise; a chance goes on until it is removed. */
function timesOf(times: number | null | undefined, probability: number): number | null {
  if (times !== undefined) return times;
  return probability < 1 ? null : 1;
}

function chosen<Kind extends string>(kind: Kind | undefined, kinds: Kind[] | undefined): Kind[] {
  const all = kinds ?? (kind === undefined ? [] : [kind]);
  if (all.length === 0) throw new ControlRefusal(400, 'kind or kinds: say which fault it is');
  return all;
}
