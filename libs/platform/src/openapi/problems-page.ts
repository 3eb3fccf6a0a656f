import { fieldCodes } from '../http/field-codes.js';
import { knownProblems } from './known-problems.js';

/** The page that the `type` of a problem document points to. */
export function problemsPage(): string {
  const rows = knownProblems().map(
    ({ code, title, status, hint }) =>
      `<tr id="${escaped(code)}"><td><code>${escaped(code)}</code></td><td>${status}</td><td>${escaped(title)}</td><td>${escaped(hint)}</td></tr>`,
  );
  const fields = Object.entries(fieldCodes).map(
    ([code, meaning]) => `<tr id="field-${code}"><td><code>${code}</code></td><td>${escaped(meaning)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems – Perennial</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #d8d8d8; padding: .5rem; text-align: left; vertical-align: top }
tr:target { background: #fff3c4 }
</style>
</head>
<body>
<h1>Problems</h1>
<p>Every failure is answered as <code>application/problem+json</code> (RFC 9457). The codes are stable; <a href="/docs">the API pages</a> say where each can occur.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<h2>Wrong places</h2>
<p>Of <code>validation_failed</code> each entry of <code>errors</code> has one of these codes; other problems repeat their own code there.</p>
<table>
<thead><tr><th>Code</th><th>What is asked for</th></tr></thead>
<tbody>
${fields.join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
