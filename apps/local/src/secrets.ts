import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the next start needs again, kept readable for its owner only. */
export interface Secrets {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Without it what names a person in the database can never be read again. */
  readonly masterKey: string;
}

/** Those of the last start; what is new to this version is made. */
export function keepSecrets(home: string): Secrets {
  const made = {
    apiKey: '',
    webhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    masterKey: randomBytes(32).toString('base64'),
  };
  const secrets = { ...made, ...readSecrets(home) };
  writeSecrets(home, secrets);
  return secrets;
}

export function writeSecrets(home: string, secrets: Secrets): void {
  writePrivate(fileIn(home), secrets);
}

/** Null where nothing was started yet. */
export function localMasterKey(home: string): string | null {
  return readSecrets(home).masterKey ?? null;
}

/** Whole or not at all: a killed process leaves no half-written file. */
export function writePrivate(file: string, content: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const fileIn = (home: string): string => join(home, 'secrets.json');

function readSecrets(home: string): Partial<Secrets> {
  const file = fileIn(home);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
}
