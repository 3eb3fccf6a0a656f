/** The part of autocannon that the benches use; it comes without types. */
declare module 'autocannon' {
  interface Request {
    readonly method: 'POST';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** How many requests in all. */
    readonly amount: number;
    /** Seconds after which a request counts as failed. */
    readonly timeout: number;
    /** Called with each connection. */
    readonly setupClient: (client: { on(event: 'response', listener: () => void): unknown }) => void;
    readonly requests: readonly (Partial<Request> & { readonly setupRequest?: (request: Request) => Request })[];
  }
  interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
    readonly '2xx': number;
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
