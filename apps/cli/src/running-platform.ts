import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What `npm start` leaves in its folder for tools. */
export interface RunningPlatform {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly databaseUrl?: string;
  readonly simulatorUrl?: string | null;
}

/** What dev.json says, if the process that wrote it lives. */
export async function runningPlatform(env: Readonly<Record<string, string | undefined>>): Promise<RunningPlatform | null> {
  const file = join(resolve(env.PERENNIAL_HOME || '.perennial'), 'dev.json');
  if (!existsSync(file)) return null;
  const known = JSON.parse(readFileSync(file, 'utf8')) as RunningPlatform;
  const alive = await fetch(`${known.baseUrl}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  return alive ? known : null;
}
