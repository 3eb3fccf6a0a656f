import type { ModuleMetadata } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { instant } from '#kernel/instant.js';
import { type ApiKey, ApiKeys, issueApiKey } from '../auth/api-keys.js';
import { Config, loadConfig } from '../config/config.js';
import { configureHttp, httpOptions } from '../http/configure-http.js';
import { PlatformModule } from '../platform.module.js';

const PERENNIAL_MASTER_KEY = Buffer.alloc(32, 'test').toString('base64');

/** Keys in memory, for specifications of what stands in front of the table. */
export class HeldApiKeys extends ApiKeys {
  readonly held = new Map<string, ApiKey>();
  lookups = 0;

  async find(id: string): Promise<ApiKey | null> {
    this.lookups += 1;
    return this.held.get(id) ?? null;
  }

  async add(key: ApiKey): Promise<void> {
    this.held.set(key.id, key);
  }
}

export interface ProbeApp {
  readonly app: NestExpressApplication;
  readonly keys: HeldApiKeys;
  /** The value of an Authorization header that is let in. */
  readonly authorization: string;
  /** The lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
}

/** A small application with nothing in it but the platform and what the specification gives. */
export async function startProbe(metadata: ModuleMetadata, env: Record<string, string> = {}): Promise<ProbeApp> {
  const keys = new HeldApiKeys();
  const { text, record } = issueApiKey({ role: 'billing_admin', name: 'probe' }, instant('2026-01-01T00:00:00Z'));
  await keys.add(record);
  const logged: Record<string, unknown>[] = [];
  const logSink = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const config: Config = loadConfig({ DATABASE_URL: 'postgres://localhost/none', PERENNIAL_MASTER_KEY, ...env });
  const platform = PlatformModule.of(config, { apiKeys: { provide: ApiKeys, useValue: keys }, logSink });
  const compiled = await Test.createTestingModule({ ...metadata, imports: [platform, ...(metadata.imports ?? [])] }).compile();
  const app = configureHttp(compiled.createNestApplication<NestExpressApplication>(httpOptions));
  await app.init();
  return { app, keys, authorization: `Bearer ${text}`, logged };
}
