import { EventBus } from '@nestjs/cqrs';
import { faultPoint } from '#kernel/fault-point.js';
import { bucketOf } from '#kernel/ids.js';
import type { AnyCommand } from './command.js';
import { CommandBus } from './command-bus.js';
import type { CommandExecutor } from './command-executor.js';
import type { RecordedEvent } from './domain-event.js';
import type { Reader } from './durable-reader.js';
import { derivedKey, metaOf, saga } from './saga.js';
import type { Vocabulary } from './vocabulary.js';

/**
 * The durable road from committed events to the sagas of @nestjs/cqrs: publishes each event, collects the commands that
 * the sagas return at once, and runs them grouped by bucket, each under a key that follows from its event. The checkpoint
 * moves on when all have succeeded; a command that was run before a crash is recognised by its key. The commands for one
 * bucket are run in the order of the events; between buckets there is no order.
 */
export class Relay implements Reader {
  readonly name = 'relay';

  constructor(
    private readonly eventBus: EventBus,
    private readonly executor: CommandExecutor,
    private readonly vocabulary: Vocabulary,
  ) {}

  async handle(events: readonly RecordedEvent[]): Promise<void> {
    const groups = new Map<number, AnyCommand[]>();
    for (const command of events.flatMap((event) => this.publish(event))) {
      const bucket = bucketOf(this.vocabulary.bindingOf(command.type).stream(command.data));
      const group = groups.get(bucket);
      if (group) group.push(command);
      else groups.set(bucket, [command]);
    }
    for (const [bucket, commands] of [...groups].sort(([a], [b]) => a - b)) {
      await this.executor.inTransaction(bucket, async (transaction) => {
        const results = await this.executor.executeIn(transaction, commands);
        for (const result of results) if ('error' in result) throw result.error;
        return results;
      });
      await faultPoint('relay.between-groups');
    }
  }

  private publish(recorded: RecordedEvent): AnyCommand[] {
    const publishing = { recorded, failures: [] as Error[], names: new Map<AnyCommand, string>() };
    const commands = CommandBus.collect(() => saga.run(publishing, () => this.eventBus.publish(recorded.event)));
    if (publishing.failures.length > 0) throw publishing.failures[0]!;
    return commands.map((command, index) => {
      const declared = this.vocabulary.commandClass(command.type);
      return new declared(command.data, metaOf(recorded, derivedKey(recorded, publishing.names.get(command) ?? `other/${index}`)));
    });
  }
}
