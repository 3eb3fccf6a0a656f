import { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '#kernel/refusal.js';
import { Nullable } from '../http/field-rule.js';
import { cursorInvalid, cursorOf, limitInvalid, MAX_LIMIT, type PageWindow, type Position, pageWindow } from '../http/page.js';
import { IsText } from '../http/text-validators.js';
import { IsWhole } from '../http/validators.js';

/** The arguments of every connection; extend it for filters. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: `How many, at most ${MAX_LIMIT}; 20 when not given.` })
  @Nullable()
  @IsWhole({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge before.' })
  @Nullable()
  @IsText({ max: 1000 })
  after?: string;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<Node> {
  readonly node: Node;
  readonly cursor: string;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
}

/** The page that is asked for, by the rules of REST in the words of GraphQL. Null is not given. */
export function connectionWindow({ first, after }: Pick<ConnectionArgs, 'first' | 'after'>, filter: object): PageWindow {
  if (typeof first === 'number' && (first < 1 || first > MAX_LIMIT))
    throw limitInvalid(`\`first\` is ${first}, and not from 1 to ${MAX_LIMIT}.`, { pointer: '/first' });
  try {
    return pageWindow({ limit: first ?? undefined, cursor: after ?? undefined }, filter);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== cursorInvalid.definition.code) throw error;
    throw cursorInvalid(error.message, { pointer: '/after' });
  }
}

/** The connection from up to `window.fetch` rows. */
export function connection<Row, Node>(
  rows: readonly Row[],
  window: PageWindow,
  positionOf: (row: Row) => Position,
  node: (row: Row) => Node,
): Connection<Node> {
  const edges = rows.slice(0, window.limit).map((row) => ({ node: node(row), cursor: cursorOf(positionOf(row), window) }));
  const pageInfo = {
    hasNextPage: rows.length > window.limit,
    hasPreviousPage: window.after !== null,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}

const connectionTypes = new Map<Type, Type<Connection<unknown>>>();

/**
 * The Relay types over a node class: `const InvoiceConnection = connectionOf(Invoice)` beside the node, then
 * `@Query(() => InvoiceConnection)`. Not inside the arrow: that runs when the schema has already counted its types.
 */
export function connectionOf<Node extends object>(node: Type<Node>, name: string = node.name): Type<Connection<Node>> {
  const known = connectionTypes.get(node);
  if (known) return known as Type<Connection<Node>>;

  @ObjectType(`${name}Edge`)
  class EdgeType {
    @Field(() => node)
    node!: Node;

    @Field(() => String)
    cursor!: string;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType {
    @Field(() => [EdgeType])
    edges!: EdgeType[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  connectionTypes.set(node, ConnectionType);
  return ConnectionType;
}
