import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';

// Before anything else is loaded: the second start does not compile again what the first one did.
enableCompileCache(join(resolve(process.env.PERENNIAL_HOME || '.perennial'), 'compile-cache'));
await import('./run-local.js');
