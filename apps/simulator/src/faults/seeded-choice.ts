/**
 * A number in [0, 1) that depends on the seed, the ordinal and the purpose alone, so that a soak run with the same seed meets
 * the same faults at the same requests whatever else happens.
 */
export function seededFraction(seed: string, ordinal: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}:${ordinal}:${purpose}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  // FNV alone leaves neighboring ordinals close together; this finalizer (of MurmurHash3) spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
