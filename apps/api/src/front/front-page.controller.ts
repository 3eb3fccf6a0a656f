import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '#platform/auth/auth.guard.js';
import { QUEUE_BOARD_PATH } from '#platform/bull/queue-board.js';
import { Config } from '#platform/config/config.js';
import { Laptop } from '#platform/pages/laptop.js';
import { type FrontLink, frontPage } from './front-page.js';

@ApiExcludeController()
@Controller()
export class FrontPageController {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Laptop) private readonly laptop: Laptop,
  ) {}

  @Public()
  @Get()
  front(@Req() request: Request, @Res() response: Response): void {
    const baseUrl = `${request.protocol}://${request.headers.host ?? 'localhost'}`;
    const shown = frontPage({ baseUrl, laptop: this.laptop.shownTo(request), links: linksOf(this.config) });
    response.setHeader('Cache-Control', 'no-store');
    response.type('html').send(shown);
  }
}

function linksOf({ graphqlIntrospection, redisUrl }: Config): FrontLink[] {
  return [
    { address: '/docs', name: 'API', about: 'Every operation, with examples' },
    ...(graphqlIntrospection ? [{ address: '/graphql', name: 'GraphQL', about: 'An explorer with queries to begin with' }] : []),
    { address: '/docs/problems', name: 'Problems', about: 'Every error code, and what to do' },
    { address: '/docs/openapi.json', name: 'OpenAPI', about: 'The document, for generators' },
    { address: '/health/details', name: 'Health', about: 'What needs a person’s attention', needsKey: true },
    { address: '/metrics', name: 'Metrics', about: 'For Prometheus', needsKey: true },
    ...(redisUrl ? [{ address: QUEUE_BOARD_PATH, name: 'Queues', about: 'Bull’s dashboard; the key is the password' }] : []),
  ];
}
