import { defineRefusal } from '#kernel/refusal.js';

export const graphqlMalformed = defineRefusal({
  code: 'graphql_malformed',
  kind: 'invalid',
  hint: 'The query is not GraphQL: check its brackets and quotes.',
});

export const graphqlInvalid = defineRefusal({
  code: 'graphql_invalid',
  kind: 'invalid',
  hint: 'The query or its variables do not fit the schema: introspection shows what there is.',
});
