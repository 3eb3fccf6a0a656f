import { startPostgres } from './embedded/postgres.js';

// The process that a spec starts, interrupts and kills: it stands for `npm start`.
try {
  const postgres = await startPostgres(JSON.parse(process.argv[2]));
  process.on('SIGINT', () => postgres.stop().then(() => process.exit(0)));
  process.on('SIGUSR2', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ url: postgres.url('postgres'), pid: postgres.pid, socketDir: postgres.socketDir })}\n`);
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: `${error.name}: ${error.message}` })}\n`);
}
