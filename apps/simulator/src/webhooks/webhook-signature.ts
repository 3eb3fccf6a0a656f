import { createHmac } from 'node:crypto';

/** The `Stripe-Signature` header: time in seconds and HMAC-SHA256 over `time.payload`. Source: docs.stripe.com/webhooks/signature. */
export function signatureHeader(payload: string, secret: string, timestamp: number): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}
