import { randomUUID } from 'node:crypto';

/** A problem document that was not expected. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly problem: { code?: string; detail?: string; hint?: string },
    request: string,
  ) {
    super(`${request} answered ${status}: ${problem.code ?? 'no code'}: ${problem.detail ?? ''} ${problem.hint ?? ''}`);
    this.name = 'ApiFailure';
  }
}

/** The REST API as an integrator uses it: every write under an idempotency key. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.send('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.send('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.apiKey}`,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(method !== 'GET' && { 'Idempotency-Key': randomUUID() }),
      },
      body: body && JSON.stringify(body),
    });
    const answer = (await response.json()) as T & { code?: string };
    if (!response.ok) throw new ApiFailure(response.status, answer, `${method} ${path}`);
    return answer;
  }
}
