import { type ClassProvider, type DynamicModule, type FactoryProvider, Global, Module, type ValueProvider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeys } from './api-keys.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { PostgresApiKeys } from './postgres-api-keys.js';

export type ApiKeysProvider = (ClassProvider<ApiKeys> | ValueProvider<ApiKeys> | FactoryProvider<ApiKeys>) & { provide: typeof ApiKeys };

/** API keys and the guard that asks for one everywhere. */
@Global()
@Module({})
export class AuthModule {
  static of(keys: ApiKeysProvider = { provide: ApiKeys, useClass: PostgresApiKeys }): DynamicModule {
    return {
      module: AuthModule,
      providers: [keys, Authenticator, { provide: APP_GUARD, useClass: AuthGuard }],
      exports: [ApiKeys, Authenticator],
    };
  }
}
