import type { BadRequest } from './bad-requests.js';

export interface Judged {
  /** 0 for what is no answer at all. */
  readonly status: number;
  readonly contentType: string | null;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** What is wrong with an answer, as a sentence; null when nothing is. */
export function judge(request: BadRequest, { status, contentType, retryAfter, text }: Judged): string | null {
  if (status === 0) return `No answer, but: ${text}`;
  if (status === 503) return /^\d+$/.test(retryAfter ?? '') ? null : 'A 503 does not say when to come back.';
  if (status >= 500) return `Answered with ${status}: ${text.slice(0, 300)}`;
  if (request.kind === 'graphql' && !contentType?.startsWith('application/problem+json')) return judgeGraphql(text);
  if (status >= 400 && !contentType?.startsWith('application/problem+json'))
    return `A ${status} is no problem document, but ${contentType}.`;
  return null;
}

function judgeGraphql(text: string): string | null {
  let answer: { errors?: { extensions?: { code?: string } }[] };
  try {
    answer = JSON.parse(text);
  } catch {
    return `GraphQL answered with what is no JSON: ${text.slice(0, 200)}`;
  }
  for (const { extensions } of answer.errors ?? []) {
    if (!extensions?.code) return `An error of GraphQL has no code: ${text.slice(0, 200)}`;
    if (extensions.code === 'internal_error') return `GraphQL answered with an internal error: ${text.slice(0, 300)}`;
  }
  return null;
}
