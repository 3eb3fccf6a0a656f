import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Clock } from '#event-sourcing/clock.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import type { AccountId } from '#kernel/ids.js';
import { ApiKeys, issueApiKey } from '#platform/auth/api-keys.js';
import { loadConfig } from '#platform/config/config.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { ApiModule } from '../../../apps/api/src/api.module.js';
import { startedOrEnd } from '../../../apps/start.js';
import { WorkerModule } from '../../../apps/worker/src/worker.module.js';
import { MailReminder, REMINDER_MAIL, raiseAccountChanged, remindersContext } from './newer.context.js';

export interface PlatformOptions {
  /** The older version is the platform as it is. */
  readonly version: 'older' | 'newer';
  /** Whether it does what is due, or only answers. */
  readonly works: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export interface SentCommand {
  readonly type: string;
  readonly data: object;
}

@Module({ imports: [EventSourcingModule.forContext(remindersContext)] })
class RemindersModule {
  constructor(jobs: JobRunner) {
    const asked = (accountId: AccountId) => new MailReminder({ accountId }, { actor: 'job', correlationId: accountId });
    jobs.register({ kind: REMINDER_MAIL, run: async (job, finish) => void (await finish(asked(job.payload.accountId as AccountId))) });
  }
}

async function run({ version, works, env }: PlatformOptions): Promise<void> {
  if (version === 'newer') raiseAccountChanged();
  const parts = [...(works ? [WorkerModule] : []), ...(version === 'newer' ? [RemindersModule] : [])];

  @Module({ imports: [ApiModule.of(loadConfig(env)), ...parts] })
  class PlatformApp {}

  const app = configureHttp(await NestFactory.create<NestExpressApplication>(PlatformApp, httpOptions));
  await app.listen(0, '127.0.0.1');
  const part = <T>(token: abstract new (...args: never[]) => T): T => app.get(token, { strict: false });
  const { text: apiKey, record } = issueApiKey({ role: 'super_admin', name: version }, part(Clock).now());
  await part(ApiKeys).add(record);
  process.on('message', ({ type, data }: SentCommand) => {
    const command = new (part(Vocabulary).commandClass(type))(data, { actor: 'spec', correlationId: 'spec' });
    part(CommandBus)
      .execute(command)
      .then(
        () => process.send?.({ done: type }),
        (error: Error) => process.send?.({ failed: error.message }),
      );
  });
  // Whoever started it is gone.
  process.once('disconnect', () => process.exit(1));
  process.send?.({ url: await app.getUrl(), apiKey });
}

/** As a process: its options are the first argument; it says where it answers and to which key. */
await startedOrEnd(() => run(JSON.parse(process.argv[2]!) as PlatformOptions));
