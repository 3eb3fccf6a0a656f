import './source-loader.js';

/** Once before all spec files. Jest leaves the resolving of imports here to Node, so the loader comes first. */
export default async function setUp(): Promise<void> {
  const { startTestPostgres } = await import('./test-postgres.js');
  // A spec is over before a vacuum would pay.
  await startTestPostgres({ autovacuum: 'off' });
}
