import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { documentFile } from './document-files.js';
import { type Operation, operationsOf } from './operation.js';

/** A call that a test has made. */
interface Call {
  readonly title: string;
  readonly request: { readonly path: string; readonly body?: unknown };
  readonly answer: { readonly status: number; readonly body?: unknown };
}

type Calls = Readonly<Record<string, readonly Call[]>>;

interface Media {
  examples?: Record<string, { value: unknown; summary?: string }>;
}
interface WithContent {
  content?: Record<string, Media>;
}

/** Puts the recorded calls where they belong: what is sent, what is answered, and how it fails. */
export function withRecordedExamples(document: OpenAPIObject, calls: Calls = recordedCalls()): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    for (const call of calls[operation.operationId ?? ''] ?? []) show(operation, call);
  }
  return document;
}

function show(operation: Operation, { title, request, answer }: Call): void {
  if (answer.status < 300 && request.body !== undefined) example(operation.requestBody as WithContent, title, request.body);
  if (answer.body !== undefined) example(operation.responses[answer.status] as WithContent | undefined, title, answer.body);
}

function example(described: WithContent | undefined, title: string, value: unknown): void {
  const media = Object.entries(described?.content ?? {});
  const [, wanted] = media.find(([type]) => type.endsWith('json') === (typeof value !== 'string')) ?? [];
  if (!wanted) return;
  // Invented examples give way to what has happened; problems are shown under their code, where each had one made up.
  wanted.examples = { ...wanted.examples, [title]: { value } };
}

function recordedCalls(): Calls {
  return JSON.parse(readFileSync(documentFile('generated/examples.json'), 'utf8')) as Calls;
}
