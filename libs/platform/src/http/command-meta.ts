import type { CommandMeta } from '#event-sourcing/command.js';
import { currentContext } from './request-context.js';

/** What a command carries from its request: who asks and from where, the correlation, and the guarantees asked for. */
export function commandMeta(guarantees: Pick<CommandMeta, 'idempotency' | 'expectedVersion' | 'names' | 'answer'> = {}): CommandMeta {
  const request = currentContext();
  if (!request) throw new Error('There is no request here: configureHttp() was not called.');
  const { actorName: actor, address, correlationId } = request;
  return { actor, ...(address !== undefined && { origin: { address } }), correlationId, ...guarantees };
}
