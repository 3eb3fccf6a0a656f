import http from 'node:http';
import https from 'node:https';
import { signatureHeader } from './webhook-signature.js';

export interface WebhookTarget {
  url: string;
  secret: string;
}

const answerTimeoutMs = 10_000;

/** Posts signed payloads. Its sockets never keep the process alive. */
export class WebhookPost {
  private readonly agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 64 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 64 }),
  };
  private readonly requests = new Set<http.ClientRequest>();

  /** @returns the status of the answer, or `null` when there was none. */
  send(target: WebhookTarget, payload: string): Promise<number | null> {
    const url = new URL(target.url);
    const secure = url.protocol === 'https:';
    // The signature carries the wall clock, since the receiver holds it against its own.
    const signature = signatureHeader(payload, target.secret, Math.floor(Date.now() / 1000));
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(url, {
        method: 'POST',
        agent: secure ? this.agents['https:'] : this.agents['http:'],
        timeout: answerTimeoutMs,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(payload),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signature,
        },
      });
      const settle = (status: number | null) => {
        this.requests.delete(request);
        resolve(status);
      };
      this.requests.add(request);
      request.on('socket', (socket) => socket.unref());
      request.on('timeout', () => request.destroy());
      request.on('error', () => settle(null));
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => settle(response.statusCode ?? null));
        response.on('error', () => settle(null));
      });
      request.end(payload);
    });
  }

  stop(): void {
    for (const request of this.requests) request.destroy();
    this.agents['http:'].destroy();
    this.agents['https:'].destroy();
  }
}
