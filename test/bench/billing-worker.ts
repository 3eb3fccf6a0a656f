import { DataSource } from 'typeorm';
import { instant } from '#kernel/instant.js';
import { connectionOptions } from '#platform/database/connection.js';
import { engineOn } from './engine.js';

/** A worker process of the bench: fires what is due at a moment, over the buckets that nobody else holds. */
const dataSource = await new DataSource(connectionOptions(process.argv[2]!, 4)).initialize();
const engine = engineOn(dataSource);
engine.incidents.listen(({ error }) => process.send?.({ error: error.stack }));

process.on('message', async (message: { due: string } | 'stop') => {
  if (message === 'stop') {
    await dataSource.destroy();
    process.exit(0);
  }
  engine.clock.current = instant(message.due);
  const cpu = process.cpuUsage();
  let fired = 0;
  const buckets = await engine.timers.bucketsWithWork();
  // Each worker begins elsewhere, as the loops of real ones do after a while.
  const offset = Number(process.argv[3]) * Math.floor(buckets.length / Number(process.argv[4]));
  for (const bucket of [...buckets.slice(offset), ...buckets.slice(0, offset)]) fired += await engine.timers.fireDue(bucket);
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ fired, cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() });
});
// A bench that breaks off leaves no worker behind.
process.on('disconnect', () => process.exit(1));
process.send?.('ready');
