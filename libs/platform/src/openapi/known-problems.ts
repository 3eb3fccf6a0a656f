import { refusalCatalogue } from '#kernel/refusal.js';
import { edgeProblems } from '../http/edge-problem.js';
import { statusOf, titleOf } from '../http/problem.js';

export interface KnownProblem {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly hint: string;
}

/** Every code a problem document can have, ordered by code: all declared refusals, and what HTTP itself can get wrong. */
export function knownProblems(): KnownProblem[] {
  const refusals = refusalCatalogue().map(({ code, kind, hint }) => ({ code, title: titleOf(code), status: statusOf[kind], hint }));
  const edge = Object.values(edgeProblems).map(({ code, status, hint }) => ({ code, title: titleOf(code), status, hint }));
  const byCode = new Map([...edge, ...refusals].map((problem) => [problem.code, problem]));
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
