import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { EdgeProblem, edgeProblems } from './edge-problem.js';
import { problemOf } from './problem.js';

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Bytes that are no HTTP request never reach the router: Node would answer them with a bare status line. */
export function answerUnparsed(server: Server & { requireHostHeader?: boolean }): void {
  // Asked for in `refuseWithoutHost`, which answers with a problem document.
  server.requireHostHeader = false;
  // Node's own answer is a bare 417; `refuseExpectation` has a problem document, with the ids of the request.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const status = STATUS[error.code ?? ''] ?? 400;
    const problem = { ...problemOf(new EdgeProblem(edgeProblems.badRequest, 'This is not an HTTP request that can be read.')), status };
    const body = JSON.stringify(problem);
    socket.end(
      `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}
