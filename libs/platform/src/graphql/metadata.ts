import { Field, type FieldMiddleware, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: "A text of the caller's own under a key of its own." })
export class MetadataEntry {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

/** Shows the object that a view has as the list that GraphQL can name. */
export const asEntries: FieldMiddleware = async (_context, next): Promise<MetadataEntry[]> => {
  const metadata: Readonly<Record<string, string>> = await next();
  return Object.entries(metadata).map(([key, value]) => ({ key, value }));
};
