import { applyDecorators, type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import { currentContext } from '../http/request-context.js';
import { apiKeyMissing } from './api-key.refusals.js';
import { Authenticator } from './authenticator.js';

const PUBLIC = 'perennial:public';
/** Marks a public operation until the OpenAPI document is finished. */
export const PUBLIC_EXTENSION = 'x-public' as const;

/** Answers everybody: health, documentation, key set, and what is proven by a signature instead of a key. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));

/** Default deny: whatever is not marked `@Public()` needs an API key. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = currentContext();
    if (!request) throw new Error('There is no request here: configureHttp() was not called.');
    // GraphQL authenticates once, before it reads the query: introspection and __typename pass no guard.
    if (context.getType<string>() === 'graphql') {
      if (!request.isAuthenticated) throw apiKeyMissing('This needs an API key.');
      return true;
    }
    request.authenticate(await this.authenticator.authenticate(context.switchToHttp().getRequest<Request>().get('authorization')));
    return true;
  }
}
