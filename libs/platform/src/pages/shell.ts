import { type Html, html } from './html.js';

const links = [
  ['/docs', 'API'],
  ['/graphql', 'GraphQL'],
  ['/docs/problems', 'Problems'],
] as const;

/** What every page of ours stands in. Everything it loads comes from this server. */
export function page({ title, main }: { readonly title: string; readonly main: Html }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/pages.css">
<script type="module" src="/assets/pages.js"></script>
</head>
<body>
<header>
<a class="brand" href="/"><img src="/favicon.svg" alt="" width="28" height="28">Perennial</a>
<nav>${links.map(([address, text]) => html`<a href="${address}">${text}</a>`)}</nav>
</header>
<main>
${main}
</main>
</body>
</html>
`.text;
}
