import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Request } from 'express';
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import { Refusal } from '#kernel/refusal.js';
import { Authenticator } from '../auth/authenticator.js';
import { Config } from '../config/config.js';
import { currentContext } from '../http/request-context.js';
import { LOG } from '../logging/log.js';
import { type ExampleQuery, Explorer } from '../pages/explorer.js';
import { formatWith, withStatus } from './error-format.js';
import { complexityLimit, PARSE_OPTIONS, textLimits } from './limits.js';
import { type GraphqlContext, LoaderRegistry } from './loaders.js';
import { MoneyObject, MoneyResolver } from './money.resolver.js';
import { InstantScalar, MoneyAmountScalar } from './scalars.js';
import { storableText } from './storable-text.js';

/** What parsed queries may take, by their length as JSON, of which memory holds a few times as much. Apollo's own limit is 30 MiB. */
const DOCUMENT_STORE_BYTES = 4 * 1024 * 1024;

const EXAMPLES = Symbol('EXAMPLES');

/** The `/graphql` door. Resolvers come from the modules of the contexts; at least one query must be there. */
@Module({ providers: [MoneyAmountScalar, InstantScalar, MoneyResolver] })
export class GraphqlModule {
  constructor(@Inject(Explorer) explorer: Explorer, @Inject(EXAMPLES) examples: readonly ExampleQuery[]) {
    explorer.opensWith(examples);
  }

  /** The explorer opens with the examples; `maxComplexity` is for tests of the limit. */
  static of({ examples = [], maxComplexity }: { examples?: readonly ExampleQuery[]; maxComplexity?: number } = {}): DynamicModule {
    const server = GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      inject: [Config, Authenticator, LOG],
      useFactory: (config: Config, authenticator: Authenticator, log: Logger) => serverOptions(config, authenticator, log, maxComplexity),
    });
    return { module: GraphqlModule, imports: [server], providers: [{ provide: EXAMPLES, useValue: examples }] };
  }
}

function serverOptions(
  config: Config,
  authenticator: Authenticator,
  log: Logger,
  maxComplexity?: number,
): Omit<ApolloDriverConfig, 'driver'> {
  const { plugins, validationRules } = textLimits({ suggestions: config.graphqlIntrospection });
  return {
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    // Its resolver is there even when no query reaches it.
    buildSchemaOptions: { orphanedTypes: [MoneyObject] },
    introspection: config.graphqlIntrospection,
    // The stock landing pages load from a CDN: see pages/explorer.ts.
    graphiql: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !config.graphqlIntrospection,
    autoTransformHttpErrors: false,
    documentStore: new InMemoryLRUCache<DocumentNode>({ maxSize: DOCUMENT_STORE_BYTES }),
    parseOptions: PARSE_OPTIONS,
    validationRules: [...validationRules, storableText],
    plugins: [...plugins, complexityLimit(maxComplexity)],
    formatError: formatWith((err) => log.error({ err }, 'A GraphQL field failed unexpectedly.')),
    context: ({ req }: { req: Request }) => openGraphql(req, authenticator),
  };
}

/** Nothing of a query is read before the caller is known. */
async function openGraphql(request: Request, authenticator: Authenticator): Promise<GraphqlContext> {
  const context = currentContext();
  if (!context) throw new Error('There is no request here: configureHttp() was not called.');
  try {
    context.authenticate(await authenticator.authenticate(request.get('authorization')));
  } catch (error) {
    throw error instanceof Refusal ? withStatus(error) : error;
  }
  return { loaders: new LoaderRegistry() };
}
