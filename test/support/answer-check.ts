import type { Response } from 'supertest';
import { DocumentedAnswers, type Exchange, type OpenApi } from './documented-answers.js';

/** Holds every answer that a spec gets against the OpenAPI document, which is made at the first one. */
export class AnswerCheck {
  private answers: DocumentedAnswers | null = null;

  constructor(private readonly document: () => object) {}

  /** Throws where the answer is not as documented. */
  check(response: Response): void {
    this.answers ??= new DocumentedAnswers(this.document() as OpenApi);
    const mistakes = this.answers.mistakes(exchangeOf(response));
    if (mistakes.length > 0) throw new Error(`The OpenAPI document is not true:\n${mistakes.join('\n')}`);
  }
}

export function exchangeOf(response: Response): Exchange {
  const { method, path } = response.request.req as { method: string; path: string };
  return { method, url: path, status: response.status, headers: response.headers, text: response.text ?? '' };
}
