import { startedOrEnd } from '../../start.js';
import { localEnvironment, startLocal } from './start-local.js';
import { welcome } from './welcome.js';

// A terminal or pipe that has gone away must not take the platform with it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** `npm start`: the whole platform in one process, on a PostgreSQL of its own and with a simulated Stripe. */
await startedOrEnd(async () => {
  const local = await startLocal(process.env);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('\nStopping: what is under way is finished first …\n');
    local.stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  process.stdout.write(welcome(local));
}, localEnvironment(process.env));
