import { QueryFailedError } from 'typeorm';
import { RequestContext, withContext } from '../http/request-context.js';
import { createLog } from './log.js';

function collected(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: Record<string, unknown>[] = [];
  write(createLog({ logLevel: 'info', logFile: null }, { write: (line) => void lines.push(JSON.parse(line)) }));
  return lines;
}

describe('The log', () => {
  it('drops every field that is not on its list', () => {
    const [line] = collected((log) =>
      log.info({ reader: 'sagas', position: 7, authorization: 'hunter2', req: { headers: 'hunter2' } }, 'moved'),
    );
    expect(line).toEqual({ level: 'info', time: expect.any(String), reader: 'sagas', position: 7, msg: 'moved' });
  });

  it('drops the fields of children too', () => {
    const lines = collected((log) => log.child({ bucket: 3, email: 'hunter2' }).info({ email: 'hunter2' }, 'moved'));
    expect(lines).toEqual([{ level: 'info', time: expect.any(String), bucket: 3, msg: 'moved' }]);
  });

  it('keeps the statement of a database error to itself, and its code', () => {
    const driver = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'account_email',
      detail: 'Key (email)=(hunter2)',
    });
    const error = new QueryFailedError('insert into account values ($1)', ['hunter2'], driver);
    const [line] = collected((log) => log.error({ err: error }, 'failed'));
    expect(line?.err).toMatchObject({ type: 'QueryFailedError', code: '23505', constraint: 'account_email' });
    expect(JSON.stringify(line)).not.toMatch(/hunter2|insert into/);
    const [bare] = collected((log) => log.error(error));
    expect(JSON.stringify(bare)).not.toMatch(/hunter2|insert into/);
  });

  it('tells the causes of an error, three deep, and of what is no error nothing', () => {
    const nested = ['e', 'd', 'c', 'b', 'a'].reduce<Error | undefined>((cause, message) => new Error(message, { cause }), undefined);
    const [line, none] = collected((log) => {
      log.error({ err: nested }, 'failed');
      log.error({ err: 'hunter2' }, 'failed');
    });
    const messages = (err: unknown): string[] => {
      const { message, cause } = err as { message: string; cause?: unknown };
      return [message, ...(cause ? messages(cause) : [])];
    };
    expect(messages(line?.err)).toEqual(['a', 'b', 'c', 'd']);
    expect(none?.err).toEqual({ message: 'Something was thrown that is no error.' });
  });

  it('carries the ids of the request that is being answered', () => {
    const context = new RequestContext('r-1', 'c-1');
    context.authenticate({ kind: 'api-key', id: 'k-1', role: 'super_admin' });
    const [line] = collected((log) => withContext(context, () => log.info('asked')));
    expect(line).toMatchObject({ requestId: 'r-1', correlationId: 'c-1', actorId: 'k-1' });
  });

  it('has lines of its level only', () => {
    expect(collected((log) => log.debug('detail'))).toEqual([]);
  });
});
