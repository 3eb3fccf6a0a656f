import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from './engine.js';
import { jarsContext } from './jars.context.js';
import { seeing } from './seeing.js';

/** Reads the log until it is killed: `node --import … reader-process.ts URL`. Says on its output how far it has come. */
const [, , url] = process.argv;
const engine = await Engine.start({ url: url!, contexts: [jarsContext], connections: 3, name: 'reader-process' });
const reader = engine.reader(seeing('killed'));
for (;;) {
  const handled = await reader.drain();
  process.stdout.write(`${handled}\n`);
  await sleep(5);
}
