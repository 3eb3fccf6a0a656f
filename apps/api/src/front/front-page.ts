import { type Html, html } from '#platform/pages/html.js';
import { laidOutJson } from '#platform/pages/laid-out-json.js';
import type { LocalSecrets } from '#platform/pages/laptop.js';
import { page } from '#platform/pages/shell.js';
import { type FirstCall, firstCalls } from './first-calls.js';

export interface Front {
  readonly baseUrl: string;
  /** Null where the visitor is not at the machine itself. */
  readonly laptop: LocalSecrets | null;
  readonly links: readonly FrontLink[];
}

export interface FrontLink {
  readonly address: string;
  readonly name: string;
  readonly about: string;
  /** A browser sends no key with a link. */
  readonly needsKey?: boolean;
}

/** `/`: what runs here, where to go, and three calls to a paid invoice. */
export function frontPage({ baseUrl, laptop, links }: Front): string {
  return page({
    title: 'Perennial',
    main: html`<h1>Perennial is running</h1>
<p class="lead">Open subscription billing: REST and GraphQL over an event-sourced ledger. Nothing on these pages comes from elsewhere.</p>
${laptop ? keyOf(laptop) : keyElsewhere}
<h2>Where to go</h2>
<div class="cards">
${links.map(
  ({ address, name, about, needsKey = false }) =>
    html`<a class="card" href="${address}"${needsKey ? html` data-with-key` : null}><strong>${name}</strong><span>${about}</span></a>\n`,
)}</div>
<figure class="answer" id="looked-up" hidden><figcaption></figcaption><pre></pre></figure>
<h2>Three calls, and a paid invoice</h2>
<p class="lead">${laptop ? 'Copy them into a terminal, or run them here, one after the other.' : 'Put your key in the place of YOUR_KEY.'}</p>
${firstCalls.map((call, index) => callOf(call, index, baseUrl, laptop?.apiKey ?? 'YOUR_KEY'))}
${laptop ? partsOf(laptop) : null}`,
  });
}

function keyOf({ apiKey }: LocalSecrets): Html {
  return html`<div class="call" data-key="${apiKey}">
<div class="bar"><h3>Your API key</h3><button data-copy="#key">Copy</button></div>
<pre id="key">${apiKey}</pre>
<p class="aside">Shown because you are at the machine that it is for. It is in .perennial/dev.json too.</p>
</div>`;
}

const keyElsewhere = html`<p>Every call needs an API key, sent as <code>Authorization: Bearer …</code>. The first one of an installation is made by its operator: <code>npm run cli -- api-key --name first</code></p>`;

function partsOf({ parts }: LocalSecrets): Html {
  return html`<h2>What runs here</h2>
<dl class="parts">
${parts.map(({ name, what }) => html`<dt>${name}</dt><dd>${what}</dd>\n`)}</dl>`;
}

function callOf(call: FirstCall, index: number, baseUrl: string, apiKey: string): Html {
  const { title, about, method, path, body, keep, until, answer } = call;
  const sent = body === null ? '' : JSON.stringify(body);
  return html`<section class="call" data-method="${method}" data-path="${path}" data-body="${sent}" data-keep="${JSON.stringify(keep)}" data-until="${until ?? ''}">
<div class="bar"><h3>${index + 1}. ${title}</h3><button data-copy="#call-${index}">Copy</button><button class="run" hidden>Run</button></div>
<p>${about}</p>
<pre id="call-${index}">${marked(curlOf(call, baseUrl, apiKey))}</pre>
<figure class="answer"><figcaption>Answers, among other fields</figcaption><pre>${laidOutJson(answer)}</pre></figure>
</section>
`;
}

/** The same call for a terminal. */
export function curlOf({ path, body }: FirstCall, baseUrl: string, apiKey: string): string {
  const lines = [`curl -s ${baseUrl}${path}`, `-H 'Authorization: Bearer ${apiKey}'`];
  if (body !== null) lines.push(`-H 'Content-Type: application/json'`, `-d '${laidOutJson(body)}'`);
  return lines.join(' \\\n  ');
}

/** What an earlier answer holds is marked: a reader fills it in, or the page does once the call was made. */
function marked(command: string): Html {
  const pieces = command.split(/\{(\w+)\}/);
  return html`${pieces.map((piece, index) => (index % 2 === 0 ? piece : html`<mark data-value="${piece}">${piece}</mark>`))}`;
}
