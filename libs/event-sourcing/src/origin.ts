/**
 * What stands behind the actor of a command: stored with the events that it decides, and covered by their hashes. A field that
 * is absent takes no byte.
 */
export interface Origin {
  /** For whom the actor acts, where that is somebody else. */
  readonly onBehalfOf?: string;
  /** The credential that was shown, where it is not the actor itself. */
  readonly key?: string;
  /** The network address that the request came from. */
  readonly address?: string;
  /** Why, in the words of whoever asked. */
  readonly reason?: string;
}

/** What tells of a person, or may. It stays with the events of the command itself, and outlives no erasure. */
export const personalInOrigin = ['address', 'reason'] as const satisfies readonly (keyof Origin)[];

/** What follows from an event is done for the same people; from where and why is told by the event that it follows from. */
export function carriedOn(origin: Origin | null): Origin | undefined {
  if (origin?.onBehalfOf === undefined && origin?.key === undefined) return undefined;
  const carried: { -readonly [Field in keyof Origin]: Origin[Field] } = { ...origin };
  for (const field of personalInOrigin) delete carried[field];
  return carried;
}

/** The text that is stored and hashed, or null where there is nothing to say. */
export function originText(origin: Origin | null): string | null {
  return origin === null ? null : JSON.stringify(origin);
}
