import { Clock } from '#event-sourcing/clock.js';
import { ApiKeys, issueApiKey } from '#platform/auth/api-keys.js';
import type { TestPlatform } from '../../support/platform.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** That of a problem document. */
  readonly code: string | undefined;
}

/** An integrator over real connections, as many at once as it likes. */
export class HttpClient {
  private constructor(
    readonly baseUrl: string,
    readonly apiKey: string,
  ) {}

  static async of({ app }: TestPlatform): Promise<HttpClient> {
    const { text, record } = issueApiKey({ role: 'super_admin', name: 'soak' }, app.get(Clock, { strict: false }).now());
    await app.get(ApiKeys, { strict: false }).add(record);
    return new HttpClient(await app.getUrl(), text);
  }

  async send(method: string, path: string, options: { body?: object | string; headers?: Record<string, string> } = {}): Promise<Answer> {
    const { body, headers } = options;
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.apiKey}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, code: codeIn(text) };
  }
}

function codeIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string } | null)?.code;
  } catch {
    return undefined;
  }
}
