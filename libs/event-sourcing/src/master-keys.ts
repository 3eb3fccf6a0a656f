import { hash } from 'node:crypto';

export interface MasterKey {
  /** Follows from the key, and tells nothing of it. */
  readonly id: string;
  readonly key: Buffer;
}

/** The keys that wrap the keys of accounts: the first wraps, and each of them unwraps, so that one can be replaced by another. */
export class MasterKeys {
  private readonly all: readonly MasterKey[];

  constructor(keys: readonly Buffer[]) {
    if (keys.length === 0 || keys.some(({ length }) => length !== 32))
      throw new Error('Master keys have 32 bytes, and there is at least one.');
    this.all = keys.map((key) => ({ id: hash('sha256', key, 'hex').slice(0, 16), key }));
  }

  get current(): MasterKey {
    return this.all[0]!;
  }

  byId(id: string): Buffer {
    const found = this.all.find((master) => master.id === id);
    if (!found) throw new Error(`The master key ${id} is not in PERENNIAL_MASTER_KEY: keys of accounts are still wrapped by it.`);
    return found.key;
  }
}
