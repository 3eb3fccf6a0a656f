import type { OpenAPIObject } from '@nestjs/swagger';
import type { PUBLIC_EXTENSION } from '../auth/auth.guard.js';
import type { PROBLEMS_EXTENSION } from './api-problem.js';

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  [PUBLIC_EXTENSION]?: boolean;
  [PROBLEMS_EXTENSION]?: string[];
};
export type Answers = Operation['responses'];

export interface NamedOperation {
  /** `GET /v1/accounts/{id}` */
  readonly name: string;
  readonly path: string;
  readonly operation: Operation;
}

export function operationsOf(document: OpenAPIObject): NamedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ name: `${method.toUpperCase()} ${path}`, path, operation }] : [];
    }),
  );
}

/** The names of the request headers that an operation reads. */
export function headersReadBy({ parameters = [] }: Operation): string[] {
  return parameters.flatMap((parameter) => ('in' in parameter && parameter.in === 'header' ? [parameter.name] : []));
}
