import { startPlatform } from '../../support/platform.js';
import { runSequence, type SequenceRequest } from './sequence.js';

// Runs one sequence for each message, until it is told to stop.
const platform = await startPlatform();
process.on('message', async (request: SequenceRequest | 'stop') => {
  if (request !== 'stop') {
    process.send?.(await runSequence(platform, request));
    return;
  }
  await platform.stop();
  process.exit();
});
// Whoever started it is gone, and the database perhaps with it.
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
