import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { documentFile } from '../openapi/document-files.js';
import { Html, html } from './html.js';
import { page } from './shell.js';

/** In the order in which they are read; what else is in docs/ follows. */
const FIRST = ['getting-started', 'test-cards', 'test-clocks', 'webhooks', 'idempotency', 'errors', 'conventions'];

interface Guide {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
}

/** The pages of docs/, which are served under /docs/ by the names of their files. */
export class Guides {
  private readonly guides: ReadonlyMap<string, Guide>;
  private readonly pages = new Map<string, string>();

  constructor() {
    const found = globSync('*.md', { cwd: documentFile('.') }).map((file) => guideOf(basename(file, '.md')));
    this.guides = new Map(found.sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title)).map((guide) => [guide.slug, guide]));
  }

  /** The whole page; undefined where there is none of that name. */
  page(slug: string): string | undefined {
    const guide = this.guides.get(slug);
    if (!guide) return undefined;
    const known = this.pages.get(slug);
    if (known) return known;
    const made = this.rendered(guide);
    this.pages.set(slug, made);
    return made;
  }

  private rendered({ slug, title, text }: Guide): string {
    const { body, sections } = this.parsed(text);
    const contents = [...this.guides.values()].map((guide) => {
      if (guide.slug !== slug) return html`<li><a href="/docs/${guide.slug}">${guide.title}</a></li>`;
      const inside = sections.map((section) => html`<li><a href="#${section.id}">${section.text}</a></li>`);
      return html`<li><strong>${title}</strong>${sections.length > 0 ? html`<ul>${inside}</ul>` : null}</li>`;
    });
    return page({
      title: `${title} – Perennial`,
      main: html`<div class="guide"><nav aria-label="Contents"><ul><li><a href="/docs">The API</a></li>${contents}</ul></nav><article>${body}</article></div>`,
    });
  }

  private parsed(text: string): { body: Html; sections: { id: string; text: string }[] } {
    const sections: { id: string; text: string }[] = [];
    const marked = new Marked({
      renderer: {
        heading({ tokens, depth, text: heading }) {
          const id = slugOf(heading);
          if (depth === 2) sections.push({ id, text: heading.replaceAll('`', '') });
          return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
        },
        link: ({ href, text: label }) => linked(href, label, this.guides),
        // What is written in docs/ is Markdown only: nothing of it is HTML.
        html: ({ text: raw }: Tokens.HTML | Tokens.Tag) => html`${raw}`.text,
      },
    });
    return { body: new Html(marked.parse(text, { async: false })), sections };
  }
}

function guideOf(slug: string): Guide {
  const text = readFileSync(documentFile(`${slug}.md`), 'utf8');
  return { slug, title: /^# (.+)$/m.exec(text)?.[1] ?? slug, text };
}

function rank({ slug }: Guide): number {
  const place = FIRST.indexOf(slug);
  return place === -1 ? FIRST.length : place;
}

/** Files beside it are served; what lies elsewhere in the project is named only. */
function linked(href: string, label: string, guides: ReadonlyMap<string, Guide>): string {
  const [, slug, anchor = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  const content = html`${label}`.text.replace(/`([^`]*)`/g, '<code>$1</code>');
  if (slug && guides.has(slug)) return html`<a href="/docs/${slug}${anchor}">${new Html(content)}</a>`.text;
  return /^(?:https:\/\/|\/|#)/.test(href) ? html`<a href="${href}">${new Html(content)}</a>`.text : content;
}

/** As GitHub makes them, so that a link is good in both places. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
