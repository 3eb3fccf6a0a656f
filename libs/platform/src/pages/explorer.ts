import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Config } from '../config/config.js';
import { html } from './html.js';
import { Laptop } from './laptop.js';
import { wantsPage } from './wants-page.js';

/** A query that the explorer opens with, in a tab of its own. */
export interface ExampleQuery {
  readonly name: string;
  readonly query: string;
}

/** Altair as its package brings it; it loads nothing but its own files. */
export const EXPLORER_FILES = join(dirname(createRequire(import.meta.url).resolve('altair-static/package.json')), 'build', 'dist');

/** `/graphql` in a browser, where there is a GraphQL whose schema may be asked for. */
@Injectable()
export class Explorer {
  private examples: readonly ExampleQuery[] | null = null;
  private readonly altair = readFileSync(join(EXPLORER_FILES, 'index.html'), 'utf8');

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Laptop) private readonly laptop: Laptop,
  ) {}

  opensWith(examples: readonly ExampleQuery[]): void {
    this.examples = examples;
  }

  answer(request: Request, response: Response, next: NextFunction): void {
    if (!this.examples || !this.config.graphqlIntrospection || request.path !== '/' || !wantsPage(request)) next();
    else
      response
        .setHeader('Vary', 'Accept')
        .type('html')
        .send(this.page(this.examples, this.laptop.shownTo(request)?.apiKey ?? null));
  }

  private page(examples: readonly ExampleQuery[], apiKey: string | null): string {
    const head = html`<base href="/graphql/explorer/"><meta name="explorer" content="${JSON.stringify({ examples, apiKey })}">`;
    return this.altair
      .replace(/<base [^>]*>/, () => head.text)
      .replace('<title>Altair</title>', '<title>GraphQL – Perennial</title>')
      .replace(/<link rel="icon"[^>]*>/, '<link rel="icon" type="image/svg+xml" href="/favicon.svg">')
      .replace('</head>', '<link rel="stylesheet" href="/assets/explorer.css"></head>')
      .replace('</body>', '<script type="module" src="/assets/explorer.js"></script></body>');
  }
}
