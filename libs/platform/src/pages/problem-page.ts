import type { Problem } from '../http/problem.js';
import { html } from './html.js';
import { page } from './shell.js';

/** A failed look at an address, for a person. It says what the problem document says. */
export function problemPage({ status, title, code, detail, hint, requestId }: Problem, address: string): string {
  return page({
    title: `${status} ${title} – Perennial`,
    main: html`<section class="problem">
<p class="status">${status}</p>
<h1>${title}</h1>
<p>${detail}</p>
<p class="hint">${hint}</p>
${status === 401 ? html`<pre class="command">curl ${address} -H 'Authorization: Bearer YOUR_KEY'</pre>` : null}
<p><a class="button" href="/">What there is here</a> <a href="/docs/problems#${code}">${code}</a></p>
<p class="aside">Request ${requestId ?? '–'}. A program is answered in JSON.</p>
</section>`,
  });
}
