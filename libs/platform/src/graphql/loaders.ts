import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import DataLoader from 'dataloader';

/**
 * The loaders of one request, and so of one principal: nothing read for one caller is ever answered to another.
 * `loaders.for('invoicesOfSubscription', (ids) => …).load(id)`
 */
export class LoaderRegistry {
  private readonly loaders = new Map<string, DataLoader<unknown, unknown>>();

  /** The loader of that name, made at its first use. `batch` answers in the order of its keys, one value for each. */
  for<Key, Value>(name: string, batch: (keys: readonly Key[]) => Promise<ArrayLike<Value | Error>>): DataLoader<Key, Value> {
    const known = this.loaders.get(name);
    if (known) return known as DataLoader<Key, Value>;
    // Keys that are objects (an id with its page) are the same when their content is.
    const loader = new DataLoader<Key, Value, unknown>(batch, {
      cacheKeyFn: (key) => (typeof key === 'object' ? JSON.stringify(key) : key),
    });
    this.loaders.set(name, loader as DataLoader<unknown, unknown>);
    return loader as unknown as DataLoader<Key, Value>;
  }
}

/** What every resolver can reach. */
export interface GraphqlContext {
  readonly loaders: LoaderRegistry;
}

/** `@Loaders() loaders: LoaderRegistry` in a resolver. */
export const Loaders = createParamDecorator((_: unknown, context: ExecutionContext): LoaderRegistry => {
  return GqlExecutionContext.create(context).getContext<GraphqlContext>().loaders;
});
