import { Clock } from '#event-sourcing/clock.js';
import { issueApiKey } from '#platform/auth/api-keys.js';
import { PostgresApiKeys } from '#platform/auth/postgres-api-keys.js';
import { type Role, roles } from '#platform/http/request-context.js';
import { knownWord, readArguments, UsageError } from '../../usage.js';
import type { CliCommand } from './cli-command.js';
import { openPlace } from './place.js';

/** The first key of an installation, which the API itself could give to nobody. */
export const apiKeyCommand: CliCommand = {
  name: 'api-key',
  description: 'Issues an API key and shows it once',
  usage: `npm run cli -- api-key --name NAME [--role ${roles.join('|')}] [--database URL]`,
  run: async (args) => {
    const options = { name: { type: 'string' }, role: { type: 'string', default: 'super_admin' }, database: { type: 'string' } } as const;
    const { values } = readArguments(args, options);
    if (!values.name) throw new UsageError('Say with --name what the key is for.');
    const role: Role = knownWord('role', values.role, roles);
    const { text, record } = issueApiKey({ role, name: values.name }, new Clock().now());
    const place = await openPlace(values.database, process.env);
    try {
      await new PostgresApiKeys(place.database.dataSource).add(record);
    } finally {
      await place.close();
    }
    process.stdout.write(`${text}\n`);
    return 0;
  },
};
