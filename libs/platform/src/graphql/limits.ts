import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { GraphQLError, type ValidationRule } from 'graphql';
import { type ComplexityEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { defineRefusal } from '#kernel/refusal.js';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/page.js';

export const queryTooComplex = defineRefusal({
  code: 'query_too_complex',
  kind: 'invalid',
  hint: 'Ask for less at once: fewer levels, smaller pages, fewer aliases.',
});

/** What armor says of every limit, so that limits cannot be read off the answers; the error format knows it by this text. */
export const OVER_LIMIT = 'The query is over a limit.';

/** About this many fields can be in one answer. */
const MAX_COMPLEXITY = 10_000;

export const PARSE_OPTIONS = { maxTokens: 1_500 };

/** Limits on the text of a query. Armor's cost limit stays off: it reads literals only and lets `first` in a variable through. */
export function textLimits(): { plugins: ApolloServerPlugin[]; validationRules: ValidationRule[] } {
  const hidden = { exposeLimits: false, errorMessage: OVER_LIMIT };
  const { plugins, validationRules } = new ApolloArmor({
    blockFieldSuggestion: { enabled: true },
    costLimit: { enabled: false },
    maxAliases: { n: 15, ...hidden },
    maxDepth: { n: 16, ...hidden },
    maxDirectives: { n: 20, ...hidden },
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
          const estimators = [pages, simpleEstimator({ defaultComplexity: 1 })];
          const variables = request.variables ?? {};
          const measured = { schema, query: document, variables, operationName: operationName ?? undefined, estimators };
          if (complexityOf(measured) > maxComplexity) throw new GraphQLError(OVER_LIMIT, { extensions: { http: { status: 400 } } });
        },
      };
    },
  };
}

function complexityOf(measured: Parameters<typeof getComplexity>[0]): number {
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
