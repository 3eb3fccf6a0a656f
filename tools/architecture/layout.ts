/** What each technical library may import of the others. None of them may import a context. */
export const foundations: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  embedded: [],
  pricing: ['kernel'],
  'event-sourcing': ['kernel'],
  platform: ['kernel', 'event-sourcing'],
  metering: ['kernel', 'pricing', 'event-sourcing'],
  ledger: ['kernel', 'event-sourcing', 'platform'],
};

/** What every context may build on. */
export const foundationsOfContexts: readonly string[] = ['kernel', 'pricing', 'metering', 'event-sourcing', 'platform'];

/** Knowledge points to the left. A context that is not named here stands at the right of them all. */
const contextsInOrder = ['accounts', 'catalog', 'subscriptions', 'usage', 'invoicing', 'payments', 'dunning'];

export function knows(context: string, other: string): boolean {
  const order = (name: string) => (contextsInOrder.includes(name) ? contextsInOrder.indexOf(name) : contextsInOrder.length);
  return order(other) < order(context);
}

/** Folders of a context that hold machinery; every other folder is an aggregate, with its decisions. */
const machinery = ['api', 'facts', 'gateways', 'jobs', 'read-models', 'sagas', 'stores', 'testing'];

/** Where the files of a role are: what a command is told of other streams, what is done outside, what is kept beside the log. */
export const folderOfRole: Readonly<Record<string, string>> = {
  facts: 'facts',
  job: 'jobs',
  store: 'stores',
  saga: 'sagas',
  projection: 'read-models',
  query: 'read-models',
  controller: 'api',
  resolver: 'api',
  requests: 'api',
  gateway: 'gateways',
};

export interface Place {
  readonly lib: string;
  readonly isContext: boolean;
  /** The first folder below `src`; empty for the files of `src` itself. */
  readonly folder: string;
  readonly isAggregate: boolean;
  readonly file: string;
}

/** Where in `libs/` a file stands; null for any other file. */
export function placeOf(path: string | null): Place | null {
  const [, lib, inside] = /^libs\/([^/]+)\/src\/(.+)$/.exec(path ?? '') ?? [];
  if (!lib || !inside) return null;
  const isContext = !(lib in foundations);
  const folder = inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : '';
  const isAggregate = isContext && folder !== '' && !machinery.includes(folder);
  return { lib, isContext, folder, isAggregate, file: inside.slice(inside.lastIndexOf('/') + 1) };
}

export const isSpec = (path: string): boolean => path.endsWith('.spec.ts');

/** A file of decisions that runs: not a specification, nor the examples that specifications share. */
export const isDecision = (path: string): boolean =>
  placeOf(path)?.isAggregate === true && path.endsWith('.ts') && !isSpec(path) && !path.endsWith('.examples.ts');
