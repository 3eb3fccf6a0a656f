import type { AnyEvent, EventClass } from '../domain-event.js';
import { encode } from '../event-codec.js';

/** An event as it is read again once it is stored, so that nothing leans on what JSON would lose. */
export function storedForm<E extends AnyEvent>(event: E): E {
  const declared = event.constructor as EventClass & (new (data: object) => E);
  return new declared(declared.fields.revive(JSON.parse(encode(event.data))) as object);
}
