import { ApiHeader, type ApiHeaderOptions } from '@nestjs/swagger';

/**
 * Documents a header of the request wherever the parameter that reads it stands: no operation promises a header that it
 * ignores, and none reads one in secret.
 */
export function documentedHeader(header: ApiHeaderOptions): ParameterDecorator {
  return (target, key) => {
    ApiHeader({ required: false, ...header })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
  };
}
