import { z } from 'zod';
import type { ControlApi } from './control-api.js';
import { bodyOf } from './control-request.js';
import type { Controlled } from './controlled.js';

const target = z.strictObject({ url: z.url().nullable(), secret: z.string().min(1).optional() });

export function controlWebhooks(control: ControlApi, { setWebhook, webhooks }: Controlled): void {
  control.on('PUT', '/webhook', (request) => {
    const { url, secret = 'whsec_simulator' } = bodyOf(request, target);
    setWebhook(url === null ? null : { url, secret });
  });
  control.on('POST', '/webhooks/idle', async () => {
    await webhooks.idle();
    return webhooks.counts;
  });
}
