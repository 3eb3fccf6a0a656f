import { startPlatform } from '../../support/platform.js';
import { runSequence, type SequenceRequest } from './sequence.js';

// Runs one sequence for each message, and ends with the process that started it.
const platform = await startPlatform();
process.on('message', async (request: SequenceRequest) => process.send?.(await runSequence(platform, request)));
process.once('disconnect', async () => {
  await platform.stop().finally(() => process.exit());
});
process.send?.('ready');
