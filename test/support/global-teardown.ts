import './source-loader.js';

export default async function tearDown(): Promise<void> {
  const { stopTestPostgres } = await import('./test-postgres.js');
  await stopTestPostgres();
}
