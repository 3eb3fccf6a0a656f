import { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString } from 'class-validator';
import { cursorOf, limitInvalid, MAX_LIMIT, type PageWindow, type Position, pageWindow } from '../http/page.js';

/** The arguments of every connection; extend it for filters. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: `How many, at most ${MAX_LIMIT}; 20 when not given.` })
  @IsOptional()
  @IsInt()
  first?: number;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge before.' })
  @IsOptional()
  @IsString()
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

/** `first` beyond the maximum is clamped, as Relay clients expect; a page of nothing or less is refused. */
export function connectionWindow({ first, after }: Pick<ConnectionArgs, 'first' | 'after'>, filter: object): PageWindow {
  if (typeof first === 'number' && first < 1) throw limitInvalid('`first` is not at least 1.', { pointer: '/first' });
  return pageWindow(
    { limit: first === undefined || first === null ? undefined : Math.min(first, MAX_LIMIT), cursor: after ?? undefined },
    filter,
  );
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
