import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { getMetadataStorage } from 'class-validator';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { defineRefusal } from '#kernel/refusal.js';
import { RefusalWithErrors } from './problem.js';
import { type ProblemError, step } from './problem-error.js';

export const bodyNotRead = defineRefusal({
  code: 'body_not_read',
  kind: 'invalid',
  hint: 'Send no body: what can be chosen here is a parameter of the address. /docs has them.',
});

export const changeEmpty = defineRefusal({
  code: 'change_empty',
  kind: 'invalid',
  hint: 'Name at least one field to change; what is left out stays as it is.',
});

/** What a handler takes from a request, found in its parameters. */
interface Taken {
  readonly body: boolean;
  readonly query: readonly string[];
  readonly isChange: boolean;
}

/**
 * A body that nobody reads is refused: what it asks for would be left undone without a word. So is a change of nothing. An
 * empty object asks for nothing, and is let pass where there is nothing to change.
 */
@Injectable()
export class BodyRules implements NestInterceptor {
  private readonly taken = new WeakMap<object, Taken>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<string>() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const { body, query, isChange } = this.takenBy(context.getClass(), context.getHandler());
    const given = request.rawBody && request.rawBody.length > 0 ? Object.keys((request.body as object | undefined) ?? { '': null }) : [];
    if (!body && given.length > 0) throw notRead(request, given, query);
    if (body && isChange && given.length === 0) throw changeEmpty('The body names no field to change.');
    return next.handle();
  }

  private takenBy(controller: Type, handler: object): Taken {
    const known = this.taken.get(handler);
    if (known) return known;
    const found = parametersOf(controller, handler as { readonly name: string });
    this.taken.set(handler, found);
    return found;
  }
}

function parametersOf(controller: Type, handler: { readonly name: string }): Taken {
  const parameters: Record<string, { index: number; data?: string }> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {};
  const classes: Type[] = Reflect.getMetadata('design:paramtypes', controller.prototype, handler.name) ?? [];
  const ofKind = (kind: RouteParamtypes) => Object.entries(parameters).filter(([key]) => Number(key.split(':')[0]) === kind);
  const reads = [RouteParamtypes.BODY, RouteParamtypes.RAW_BODY, RouteParamtypes.REQUEST];
  return {
    body: reads.some((kind) => ofKind(kind).length > 0),
    query: ofKind(RouteParamtypes.QUERY).flatMap(([, { index, data }]) => (data ? [data] : fieldsOf(classes[index]))),
    isChange: Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.PATCH,
  };
}

function fieldsOf(declared: Type | undefined): string[] {
  if (!declared) return [];
  const rules = getMetadataStorage().getTargetValidationMetadatas(declared, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

function notRead({ method, path }: Request, given: readonly string[], query: readonly string[]): RefusalWithErrors {
  const { code } = bodyNotRead.definition;
  const errors: ProblemError[] = given
    .filter((name) => name !== '')
    .map((name) => ({
      pointer: step(name),
      code,
      detail: query.includes(name) ? `Send this as a parameter of the address: ?${name}=…` : 'Nothing reads this here.',
    }));
  const elsewhere = query.length === 0 ? undefined : `Send no body; the parameters of the address are ${query.join(', ')}.`;
  return new RefusalWithErrors(
    bodyNotRead(`${method} ${path.slice(0, 200)} reads no body.`, elsewhere === undefined ? {} : { hint: elsewhere }),
    errors,
  );
}
