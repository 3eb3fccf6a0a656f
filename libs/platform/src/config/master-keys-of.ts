import { MasterKeys } from '#event-sourcing/master-keys.js';
import { type Config, ConfigError } from './config.js';

/** Whoever reads or writes persons needs the master key: without it a process must not start. */
export function masterKeysOf({ masterKeys }: Pick<Config, 'masterKeys'>): MasterKeys {
  if (masterKeys.length > 0) return new MasterKeys(masterKeys);
  throw new ConfigError([{ variable: 'PERENNIAL_MASTER_KEY', allowed: '32 bytes in base64 (openssl rand -base64 32)' }]);
}
