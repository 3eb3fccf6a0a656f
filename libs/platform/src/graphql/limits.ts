import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { type FieldNode, GraphQLError, type ValidationRule } from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { defineRefusal } from '#kernel/refusal.js';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/page.js';

export const queryTooComplex = defineRefusal({
  code: 'query_too_complex',
  kind: 'invalid',
  hint: 'Ask for less at once: fewer levels, smaller pages, fewer aliases.',
});

/** About this many fields can be in one answer. */
const MAX_COMPLEXITY = 10_000;

export const PARSE_OPTIONS = { maxTokens: 1_500 };

/** Limits on the text of a query. Armor's cost limit stays off: it reads literals only and lets `first` in a variable through. */
export function textLimits({ suggestions }: { readonly suggestions: boolean }): {
  plugins: ApolloServerPlugin[];
  validationRules: ValidationRule[];
} {
  const shown = { exposeLimits: true };
  const { plugins, validationRules } = new ApolloArmor({
    // Who may see the schema may as well be told what was meant.
    blockFieldSuggestion: { enabled: !suggestions },
    costLimit: { enabled: false },
    maxAliases: { n: 15, ...shown },
    maxDepth: { n: 16, ...shown },
    maxDirectives: { n: 20, ...shown },
    // Armor parses a second time for this and answers 500; the parser counts by itself (PARSE_OPTIONS).
    maxTokens: { enabled: false },
  }).protect();
  // Armor sees the CommonJS declarations of Apollo, which TypeScript takes for other types.
  return { plugins: plugins as unknown as ApolloServerPlugin[], validationRules };
}

/** A list costs what its items cost, times how many there can be, whether `first` is a literal, a variable or not given. */
const pages: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (!field.args.some(({ name }) => name === 'first')) return undefined;
  const first = typeof args.first === 'number' ? Math.min(Math.max(args.first, 0), MAX_LIMIT) : DEFAULT_LIMIT;
  return 1 + first * childComplexity;
};

/** Refuses queries whose answer could be too large, with the variables they are sent with. */
export function complexityLimit(maxComplexity = MAX_COMPLEXITY): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, schema, operationName }) {
          const costs = new Map<FieldNode, number>();
          const measured = { schema, query: document, variables: request.variables ?? {}, operationName: operationName ?? undefined };
          const cost = costOf({
            ...measured,
            // A field may say itself what it costs, where its arguments decide that.
            estimators: [pages, fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })].map((each) => noting(costs, each)),
          });
          if (cost > maxComplexity) throw tooComplex(cost, maxComplexity, costs);
        },
      };
    },
  };
}

/** Keeps what each field was found to cost. */
function noting(costs: Map<FieldNode, number>, estimate: ComplexityEstimator): ComplexityEstimator {
  return (options) => {
    const cost = estimate(options);
    if (typeof cost === 'number') costs.set(options.node, Math.max(cost, costs.get(options.node) ?? 0));
    return cost;
  };
}

function tooComplex(cost: number, limit: number, costs: ReadonlyMap<FieldNode, number>): GraphQLError {
  const [field, most] = [...costs].reduce<[FieldNode | undefined, number]>(
    (dearest, each) => (each[1] > dearest[1] ? each : dearest),
    [undefined, 0],
  );
  const total = Number.isFinite(cost) ? `costs ${grouped(cost)}` : 'costs more than can be counted';
  const share = field ? ` Most of it is \`${field.name.value}\`, with ${grouped(most)}.` : '';
  const detail = `The query ${total}; the limit is ${grouped(limit)}.${share}`;
  const originalError = queryTooComplex(detail);
  return new GraphQLError(detail, { nodes: field, originalError, extensions: { http: { status: 400 } } });
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function costOf(measured: Parameters<typeof getComplexity>[0]): number {
  try {
    return getComplexity(measured);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // Fragments that spread each other can be endless work to count; the library stops counting, and that is an answer too.
    if (error.message.includes('number of nodes')) return Number.POSITIVE_INFINITY;
    // Else the variables do not fit, which is found here before the execution would find it.
    throw new GraphQLError(error.message, { originalError: error, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  }
}
