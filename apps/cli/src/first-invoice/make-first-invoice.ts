import { setTimeout as pause } from 'node:timers/promises';
import { laidOutJson } from '#platform/pages/laid-out-json.js';
import { type FirstCall, firstCalls } from '../../../api/src/front/first-calls.js';

interface Target {
  readonly baseUrl: string;
  readonly apiKey: string;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How often the invoice is looked at before it is left as it is. */
const LOOKS = 100;
const BETWEEN_LOOKS_MS = 100;

/** Makes the calls of the first page, telling each with its answer. True when the invoice is paid. */
export async function makeFirstInvoice({ baseUrl, apiKey }: Target, tell: (text: string) => void): Promise<boolean> {
  const kept = new Map<string, string>();
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => kept.get(name) ?? whole);
  for (const [index, call] of firstCalls.entries()) {
    const path = filled(call.path);
    const body = call.body && JSON.parse(filled(JSON.stringify(call.body)));
    tell(`\n${index + 1}. ${call.title}: ${call.about}\n\n   ${call.method} ${path}\n${body ? indented(laidOutJson(body)) : ''}`);
    const answer = await ask({ baseUrl, apiKey }, { ...call, path, body });
    if (answer.body.code === 'plan_code_taken') {
      tell(`\n   ${answer.status}: it is there from before.\n`);
      continue;
    }
    if (answer.status >= 300) {
      tell(`\n   ${answer.status}\n${indented(laidOutJson(answer.body))}`);
      return false;
    }
    tell(`\n   ${answer.status}\n${indented(laidOutJson(fieldsOf(answer.body, call)))}`);
    for (const [name, field] of Object.entries(call.keep)) kept.set(name, String(answer.body[field]));
    if (call.until && answer.body.status !== call.until) return false;
  }
  tell(`\nSee it at ${baseUrl}/graphql, or all of it: curl -s ${baseUrl}/v1/invoices/${kept.get('invoiceId')} with your key.\n`);
  return true;
}

/** What follows a moment later is asked for again. */
async function ask({ baseUrl, apiKey }: Target, { method, path, body, until }: FirstCall): Promise<Answer> {
  for (let look = 1; ; look += 1) {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const answer = { status: response.status, body: (await response.json()) as Answer['body'] };
    if (!response.ok || until === null || answer.body.status === until || look >= LOOKS) return answer;
    await pause(BETWEEN_LOOKS_MS);
  }
}

/** The fields that the first page shows. */
function fieldsOf(body: Answer['body'], { answer }: FirstCall): object {
  return Object.fromEntries(Object.keys(answer).map((name) => [name, body[name]]));
}

function indented(text: string): string {
  return `${text.replace(/^/gm, '   ')}\n`;
}
