import type { DataSource } from 'typeorm';
import type { ReadinessCheck } from './readiness.js';

/** Ready when the database answers. */
export function databaseAnswers(dataSource: DataSource): ReadinessCheck {
  return {
    name: 'database',
    waitingFor: async () => {
      await dataSource.query('select 1');
      return null;
    },
  };
}
