import type supertest from 'supertest';
import { exchangeOf } from './answer-check.js';
import type { DocumentedAnswers } from './documented-answers.js';

/** A call as the documentation shows it. */
export interface RecordedCall {
  readonly title: string;
  readonly request: { readonly path: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: unknown };
}

export type RecordedCalls = Readonly<Record<string, readonly RecordedCall[]>>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** The series of a test clock is named after its id. */
const SERIES = /TEST-[0-9A-F]{12}-/g;
const SENT = ['idempotency-key', 'if-match'];
const RECEIVED = ['etag', 'location', 'idempotent-replayed', 'retry-after'];
const names: Readonly<Record<string, string>> = {
  'idempotency-key': 'Idempotency-Key',
  'if-match': 'If-Match',
  etag: 'ETag',
  location: 'Location',
  'idempotent-replayed': 'Idempotent-Replayed',
  'retry-after': 'Retry-After',
};

/**
 * Keeps calls that were really made, in a form that is the same in every run: ids are counted in the order in which they appear,
 * and the time of the run is one fixed moment.
 */
export class CallRecorder {
  private readonly calls: Record<string, RecordedCall[]> = {};
  private readonly ids = new Map<string, string>();
  private readonly startedAt = Date.now();

  constructor(private readonly answers: DocumentedAnswers) {}

  /** Makes the call, and keeps it under a title that says what it shows. One that is to be refused has none: its code is the title. */
  async record(test: supertest.Test, title?: string): Promise<supertest.Response> {
    const response = await test;
    const { status, headers, url, method, text } = exchangeOf(response);
    const operation = this.answers.operationOf({ method, url });
    if (!operation) throw new Error(`${method} ${url} is no documented operation.`);
    if (status < 300 !== (title !== undefined)) throw new Error(`${method} ${url} is answered with ${status}: ${text}`);
    const sent = response.request as unknown as { _data?: unknown; header: Record<string, string> };
    const isJson = /json/.test(headers['content-type'] ?? '');
    const sentHeaders = picked(sent.header, SENT);
    const call = {
      title: title ?? response.body.code,
      request: {
        path: url,
        ...(Object.keys(sentHeaders).length > 0 && { headers: sentHeaders }),
        ...(sent._data !== undefined && { body: typeof sent._data === 'string' ? JSON.parse(sent._data) : sent._data }),
      },
      answer: { status, headers: picked(headers, RECEIVED), ...(text !== '' && { body: isJson ? response.body : text }) },
    };
    this.calls[operation.operationId] = [...(this.calls[operation.operationId] ?? []), this.lasting(call)];
    return response;
  }

  recorded(): RecordedCalls {
    return Object.fromEntries(Object.entries(this.calls).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private lasting(call: RecordedCall): RecordedCall {
    const text = JSON.stringify(call, (key, value) => (key === 'nextCursor' && value !== null ? 'eyJjdXJzb3IiOiJvcGFxdWUifQ' : value))
      .replaceAll(UUID, (id) => this.idFor(id))
      .replaceAll(SERIES, 'TEST-0190F0C80000-')
      .replaceAll(INSTANT, (instant) => (this.isOfThisRun(instant) ? '2026-01-31T12:00:00.000Z' : instant));
    return JSON.parse(text) as RecordedCall;
  }

  private idFor(id: string): string {
    const known = this.ids.get(id) ?? `0190f0c8-0000-7000-8000-${String(this.ids.size + 1).padStart(12, '0')}`;
    this.ids.set(id, known);
    return known;
  }

  private isOfThisRun(instant: string): boolean {
    const at = Date.parse(instant);
    return at >= this.startedAt - 3_600_000 && at <= Date.now() + 3_600_000;
  }
}

function picked(headers: Readonly<Record<string, string | undefined>>, wanted: readonly string[]): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(
    given.flatMap(([name, value]) => (wanted.includes(name) && value !== undefined ? [[names[name]!, value]] : [])),
  );
}
