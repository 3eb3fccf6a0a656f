import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from './run-folder.js';

/** What was seen of a page while it was open. */
export interface Visit {
  /** Of every request that the page caused, as addresses. */
  readonly requested: readonly string[];
  /** What the browser complained of: errors of scripts, and what the content security policy kept out. */
  readonly complaints: readonly string[];
  /** Evaluates in the page. */
  ask<T>(expression: string): Promise<T>;
  /** Asks until the answer is true. */
  becomes(expression: string): Promise<void>;
  screenshot(): Promise<Buffer>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A browser without a window, driven through its debugging protocol. Where none is installed there is none. */
export class Chromium {
  private constructor(
    private readonly child: ChildProcess,
    private readonly socketUrl: string,
    private readonly profile: string,
  ) {}

  static program(): string | null {
    const candidates = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
    return candidates.find(isExecutable) ?? null;
  }

  static async start(program: string): Promise<Chromium> {
    const profile = temporaryFolder('chromium');
    // Everything the browser would ask of its maker on its own account is switched off: what is left was asked by the page.
    const switches = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    const child = spawn(program, [...switches, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: child.stderr })) {
      const [, url] = /^DevTools listening on (ws:\S+)$/.exec(line) ?? [];
      if (!url) continue;
      child.stderr.resume();
      return new Chromium(child, url, profile);
    }
    throw new Error(`${program} ended before it could be driven.`);
  }

  /** Opens a page and leaves it when the work is done. */
  async visit(address: string, work: (visit: Visit) => Promise<void>, view = { width: 1280, height: 900, dark: false }): Promise<Visit> {
    const { host } = new URL(this.socketUrl);
    const opened = await fetch(`http://${host}/json/new?about:blank`, { method: 'PUT' });
    const { id, webSocketDebuggerUrl } = (await opened.json()) as { id: string; webSocketDebuggerUrl: string };
    const tab = await Tab.open(webSocketDebuggerUrl);
    try {
      for (const domain of ['Network', 'Page', 'Runtime', 'Log']) await tab.send(`${domain}.enable`);
      await tab.send('Emulation.setDeviceMetricsOverride', { ...view, deviceScaleFactor: 1, mobile: false });
      const scheme = { name: 'prefers-color-scheme', value: view.dark ? 'dark' : 'light' };
      await tab.send('Emulation.setEmulatedMedia', { features: [scheme] });
      await tab.send('Page.navigate', { url: address });
      await tab.becomes(`document.readyState === 'complete' && location.href !== 'about:blank'`);
      await work(tab);
      return tab;
    } finally {
      await tab.close();
      await fetch(`http://${host}/json/close/${id}`);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'close');
    }
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Tab implements Visit {
  readonly requested: string[] = [];
  readonly complaints: string[] = [];
  private readonly waiting = new Map<number, (message: Message) => void>();
  private sent = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => this.hear(JSON.parse(String(data)) as Message));
  }

  static async open(url: string): Promise<Tab> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Tab(socket);
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.sent;
    const answered = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  async ask<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  async becomes(expression: string): Promise<void> {
    // Who never sees it come true is ended by the test's own limit.
    while (!(await this.ask<boolean>(`new Promise((look) => setTimeout(() => look(Boolean(${expression})), 50))`)));
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true });
    return Buffer.from(data as string, 'base64');
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private hear({ id, method, params = {}, ...message }: Message): void {
    if (id !== undefined) this.waiting.get(id)?.({ id, ...message });
    else if (method === 'Network.requestWillBeSent') this.requested.push((params.request as { url: string }).url);
    else if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params.exceptionDetails));
    else if (method === 'Log.entryAdded') this.complain(params.entry as { level: string; text: string; url?: string });
  }

  private complain({ level, text, url }: { level: string; text: string; url?: string }): void {
    if (level === 'error') this.complaints.push(`${text} ${url ?? ''}`.trim());
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
