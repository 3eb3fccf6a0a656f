import type { Check } from '../check.js';
import { notChecked } from '../finding.js';

/**
 * I10. The outbox is drained, and each event was delivered to each subscribed endpoint at least once, signed, and under one
 * id. Its oracle will be the log of the receiver.
 */
export const deliveries: Check = {
  id: 'I10',
  invariant: 'every event reaches every subscribed endpoint at least once',
  async *run() {
    yield notChecked('deliveries of webhooks', 'not built yet: there are no webhooks out');
  },
};
