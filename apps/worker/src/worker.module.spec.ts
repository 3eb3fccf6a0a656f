import { Incidents } from '#event-sourcing/incidents.js';
import type { Worker } from '#event-sourcing/worker.js';
import { createLog } from '#platform/logging/log.js';
import { WorkerModule } from './worker.module.js';

describe('The worker', () => {
  it('logs what goes wrong in the background, from its start to its end', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog({ logLevel: 'info', logFile: null }, { write: (line) => void lines.push(JSON.parse(line)) });
    const did: string[] = [];
    const worker = { start: () => void did.push('start'), stop: async () => void did.push('stop') } as unknown as Worker;
    const incidents = new Incidents();
    const report = () => incidents.report({ what: 'job-failed', details: { jobId: '7' }, error: new Error('no answer') });

    const module = new WorkerModule(worker, incidents, log);
    report();
    module.onApplicationBootstrap();
    report();
    await module.beforeApplicationShutdown();
    report();

    expect(did).toEqual(['start', 'stop']);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'error', msg: 'job-failed', jobId: '7', err: expect.objectContaining({ message: 'no answer' }) }),
    ]);
  });
});
