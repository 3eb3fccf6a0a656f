import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ControlApi } from '../control/control-api.js';
import type { StripeApi } from './stripe-api.js';

const maximumBodyBytes = 1_000_000;

/** The sockets: reads requests whole, hands them to Stripe's interface or to the control interface, writes the replies. */
export class HttpServer {
  private readonly server: http.Server;
  private readonly stopping = new AbortController();

  constructor(
    private readonly stripe: StripeApi,
    private readonly control: ControlApi,
  ) {
    this.server = http.createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => this.giveUp(response, error));
    });
    this.server.keepAliveTimeout = 60_000;
  }

  /** @returns the port that was taken. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Ends at once: held replies are given up and open connections are closed. */
  stop(): Promise<void> {
    this.stopping.abort();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private giveUp(response: http.ServerResponse, error: unknown): void {
    const callerHasLeft = response.socket === null || response.socket.destroyed;
    if (this.stopping.signal.aborted || response.headersSent || callerHasLeft) {
      response.destroy();
      return;
    }
    const message = `The simulator itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.stderr.write(`${message}\n`);
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { type: 'api_error', message } }));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request);
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const method = request.method ?? 'GET';
    if (path.startsWith('/_simulator')) {
      const { status, body: answer } = await this.control.answer(method, path, new URLSearchParams(query), body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
      return;
    }
    const reply = await this.stripe.reply(
      {
        method,
        path,
        form: method === 'POST' ? body : query,
        authorization: request.headers.authorization,
        idempotencyKey: headerOf(request, 'idempotency-key') ?? null,
        stripeVersion: headerOf(request, 'stripe-version'),
      },
      this.stopping.signal,
    );
    if ('closeAfterMs' in reply) {
      if (reply.closeAfterMs === 0) request.socket.destroy();
      else setTimeout(() => request.socket.destroy(), reply.closeAfterMs).unref();
      return;
    }
    response
      .writeHead(reply.status, { ...reply.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(reply.body) })
      .end(reply.body);
  }
}

function headerOf(request: http.IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function read(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) throw new Error('The body is larger than one megabyte');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
