import type { ControlRequest } from './control-request.js';
import { ControlRefusal } from './control-request.js';

export type ControlEndpoint = (request: ControlRequest) => unknown | Promise<unknown>;

/** Below `/_simulator`: JSON in, JSON out, not part of Stripe. */
export class ControlApi {
  private readonly routes: { method: string; segments: string[]; endpoint: ControlEndpoint }[] = [];

  on(method: string, pattern: string, endpoint: ControlEndpoint): void {
    this.routes.push({ method, segments: `/_simulator${pattern}`.split('/'), endpoint });
  }

  async answer(method: string, path: string, query: URLSearchParams, body: string): Promise<{ status: number; body: string }> {
    try {
      const segments = path.split('/');
      for (const route of this.routes) {
        if (route.method !== method || !fits(route.segments, segments)) continue;
        const captures = segments.filter((_, index) => route.segments[index] === ':id').map(decodeURIComponent);
        const result = await route.endpoint({ captures, query, body: parsed(body) });
        return { status: 200, body: `${JSON.stringify(result ?? {})}\n` };
      }
      throw new ControlRefusal(404, `There is no ${method} ${path}; the README lists what there is.`);
    } catch (error) {
      if (error instanceof ControlRefusal) return { status: error.status, body: `${JSON.stringify({ error: error.message })}\n` };
      throw error;
    }
  }
}

function fits(pattern: string[], segments: string[]): boolean {
  return pattern.length === segments.length && pattern.every((each, index) => each === ':id' || each === segments[index]);
}

function parsed(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ControlRefusal(400, 'The body is not JSON.');
  }
}
