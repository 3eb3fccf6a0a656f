import { GraphQLError, type ValidationRule } from 'graphql';
import { isStorable, textInvalid } from '../http/exact-json.js';

/** A text in the query itself is held to what holds for one in a variable. */
export const storableText: ValidationRule = (context) => ({
  StringValue(node) {
    if (isStorable(node.value)) return;
    const originalError = textInvalid('The text holds a character that cannot be stored.');
    context.reportError(new GraphQLError(originalError.message, { nodes: [node], originalError }));
  },
});
