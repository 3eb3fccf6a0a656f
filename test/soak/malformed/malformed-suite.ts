import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { Story } from '../../support/story.js';
import { HttpClient } from '../races/http-client.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { type BadRequest, BadRequests } from './bad-requests.js';
import { type Judged, judge } from './judge.js';

const AT_ONCE = 16;
const SOCKET_PATIENCE_MS = 1_500;
/** What the garbage collector may leave, and the code that is compiled meanwhile. */
const MAY_GROW = 0.1;
const MAY_GROW_BYTES = 24 * 1024 * 1024;

/** One trial is a bad request. Whatever is sent, the answer is no 5xx but a declared 503, and every error a problem document. */
export async function runMalformedSuite(options: SuiteOptions): Promise<SuiteResult & { readonly heapGrowthPercent: number }> {
  const platform = await startPlatform();
  try {
    return await new MalformedRun(options, platform, await HttpClient.of(platform)).result();
  } finally {
    await platform.stop();
  }
}

class MalformedRun {
  private readonly tally: Tally;
  private readonly statuses: Record<string, number> = {};

  constructor(
    private readonly options: SuiteOptions,
    private readonly platform: TestPlatform,
    private readonly http: HttpClient,
  ) {
    this.tally = new Tally('malformed', options);
  }

  async result(): Promise<SuiteResult & { readonly heapGrowthPercent: number }> {
    const requests = await this.corpus();
    // The control: a table is gone, so that requests which are no worse than others end in what nobody foresaw.
    if (this.options.control) await this.dropTable('subscriptions.subscription_details');
    const unheard: unknown[] = [];
    const onUnheard = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', onUnheard);
    const warmUp = Math.min(1_000, Math.floor(this.options.size / 4));
    let heapBefore = heapUsed();
    try {
      for (let done = 0; done < this.options.size; ) {
        const batch = Array.from({ length: Math.min(AT_ONCE, this.options.size - done) }, (_, index) => ({
          request: requests.next(),
          index: done + index,
        }));
        await Promise.all(batch.map(({ request, index }) => this.send(request, `request ${index}`)));
        if (done < warmUp && done + batch.length >= warmUp) heapBefore = heapUsed();
        done += batch.length;
        this.tally.advance(batch.length);
      }
    } finally {
      process.off('unhandledRejection', onUnheard);
    }
    for (const reason of unheard) this.tally.fail(`A rejection was handled by nobody, which ends the process: ${String(reason)}`);
    const growth = heapUsed() - heapBefore;
    if (growth > Math.max(heapBefore * MAY_GROW, MAY_GROW_BYTES))
      this.tally.fail(`The heap has grown by ${growth} bytes, from ${heapBefore}.`);
    if ((await this.http.send('GET', '/health/ready')).status !== 200) this.tally.fail('After it all the process is not ready.');
    return this.tally.result({ ...this.statuses, heapGrowthPercent: Math.round((growth / heapBefore) * 100) });
  }

  private async dropTable(table: string): Promise<void> {
    await this.platform.database.transaction(async (sql) => {
      await sql.query('set local role postgres');
      await sql.query(`drop table ${table}`);
    });
  }

  private async corpus(): Promise<BadRequests> {
    const story = new Story(this.platform);
    const plan = await story.plan();
    const account = await story.account();
    const subscription = await story.subscription(account.id);
    const document = JSON.parse((await this.http.send('GET', '/docs/openapi.json')).text);
    const ids = [plan.id, account.id, subscription.id, subscription.latestInvoiceId];
    return new BadRequests(new SeededChance(this.options.seed), document, ids, this.http.apiKey);
  }

  private async send(request: BadRequest, at: string): Promise<void> {
    this.tally.count(request.kind);
    const answer = request.kind === 'raw socket' ? await this.overSocket(request.bytes) : await this.overHttp(request);
    if (answer === null) return;
    const status = `status${answer.status}`;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const failure = judge(request, answer);
    if (failure) this.tally.fail(`${at}: ${failure} ${this.logged(answer)} ${shown(request)}`);
  }

  /** What the server has logged about it, which it tells nobody else. */
  private logged({ text }: Judged): string {
    const requestId = /"requestId":"([^"]+)"/.exec(text)?.[1];
    const line = requestId && this.platform.log.find((logged) => logged.includes(requestId));
    return (line && /"message":"((?:[^"\\\\]|\\\\.)*)"/.exec(line)?.[1]) || '';
  }

  private async overHttp({ method, path, headers, body }: Exclude<BadRequest, { kind: 'raw socket' }>): Promise<Judged | null> {
    try {
      const answer = await fetch(`${this.http.baseUrl}${path}`, { method, headers, body, redirect: 'manual' });
      return {
        status: answer.status,
        contentType: answer.headers.get('content-type'),
        retryAfter: answer.headers.get('retry-after'),
        text: await answer.text(),
      };
    } catch (error) {
      // The client itself refuses to send some of it.
      if (error instanceof TypeError && !isCutOff(error)) return null;
      return { status: 0, contentType: null, retryAfter: null, text: String((error as Error).cause ?? error) };
    }
  }

  /** What comes back until the server has had enough, or nothing more comes; null when it says nothing. */
  private overSocket(bytes: Buffer): Promise<Judged | null> {
    const { hostname, port } = new URL(this.http.baseUrl);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''));
      let said = '';
      const end = () => {
        clearTimeout(patience);
        socket.destroy();
        resolve(parsed(said));
      };
      const patience = setTimeout(end, SOCKET_PATIENCE_MS);
      socket.on('error', end).on('close', end);
      socket.on('data', (chunk) => {
        said += chunk.toString('latin1');
        if (said.includes('\r\n\r\n')) setTimeout(end, 20);
      });
      socket.write(bytes);
    });
  }
}

/** The server cut the connection without an answer, which only a raw socket deserves. */
function isCutOff({ cause }: TypeError): boolean {
  return /ECONNRESET|ECONNREFUSED|UND_ERR_SOCKET/.test(String((cause as { code?: string } | undefined)?.code));
}

function parsed(said: string): Judged | null {
  const [head = '', text = ''] = said.split('\r\n\r\n', 2);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  if (!status) return said === '' ? null : { status: 0, contentType: null, retryAfter: null, text: said.slice(0, 200) };
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? null;
  return { status, contentType: header('content-type'), retryAfter: header('retry-after'), text };
}

function shown(request: BadRequest): string {
  if (request.kind === 'raw socket') return JSON.stringify(request.bytes.toString('latin1').slice(0, 200));
  return `${request.method} ${request.path} ${String(request.body ?? '').slice(0, 200)}`;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
