import { EventBus } from '@nestjs/cqrs';
import type { AnyCommand } from './command.js';
import { CommandBus } from './command-bus.js';
import type { CommandExecutor, Result } from './command-executor.js';
import type { RecordedEvent } from './domain-event.js';
import type { Reader } from './durable-reader.js';
import { PoisonEvent } from './durable-reader.js';
import { bucketOf } from '#kernel/ids.js';
import { derivedKey, metaOf, saga } from './saga.js';
import type { Vocabulary } from './vocabulary.js';

interface Caused {
  readonly event: RecordedEvent;
  readonly index: number;
  readonly command: AnyCommand;
}

/**
 * The durable road from committed events to the sagas of @nestjs/cqrs: publishes each event, collects the commands that
 * the sagas return at once, and runs them grouped by bucket, each under a key that follows from its event. The checkpoint
 * moves on when all have succeeded; a command that was run before a crash is recognised by its key.
 */
export class Relay implements Reader {
  readonly name = 'relay';

  constructor(
    private readonly eventBus: EventBus,
    private readonly executor: CommandExecutor,
    private readonly vocabulary: Vocabulary,
  ) {}

  async handle(events: readonly RecordedEvent[]): Promise<void> {
    const caused: Caused[] = [];
    let poison: PoisonEvent | null = null;
    for (const [index, event] of events.entries()) {
      try {
        caused.push(...this.publish(event).map((command) => ({ event, index, command })));
      } catch (error) {
        poison = new PoisonEvent(event, index, error as Error);
        break;
      }
    }
    if (!(await this.runGrouped(caused))) await this.runInOrder(caused);
    if (poison) throw poison;
  }

  private publish(recorded: RecordedEvent): AnyCommand[] {
    const failures: Error[] = [];
    const commands = CommandBus.collect(() => saga.run({ recorded, failures }, () => this.eventBus.publish(recorded.event)));
    if (failures.length > 0) throw failures[0]!;
    return commands.map((command, index) => {
      const declared = this.vocabulary.commandClass(command.type);
      return new declared(command.data, metaOf(recorded, derivedKey(recorded, index)));
    });
  }

  /** One transaction for each bucket; false when a group failed and everything must be gone through in order. */
  private async runGrouped(caused: readonly Caused[]): Promise<boolean> {
    const groups = new Map<number, AnyCommand[]>();
    for (const { command } of caused) {
      const bucket = bucketOf(this.vocabulary.bindingOf(command.type).stream(command.data));
      const group = groups.get(bucket);
      if (group) group.push(command);
      else groups.set(bucket, [command]);
    }
    for (const bucket of [...groups.keys()].sort((a, b) => a - b)) {
      if (!(await this.runTogether(bucket, groups.get(bucket)!))) return false;
    }
    return true;
  }

  private async runTogether(bucket: number, commands: readonly AnyCommand[]): Promise<boolean> {
    const failed = new Error('A command of the group failed.');
    try {
      await this.executor.inTransaction(bucket, async (sql): Promise<Result[]> => {
        const results = await this.executor.executeIn(sql, bucket, commands);
        if (results.some((result) => 'error' in result)) throw failed;
        return results;
      });
      return true;
    } catch (error) {
      if (error === failed) return false;
      throw error;
    }
  }

  /** What a group has done already is recognised by its key; the first command that fails names the poison event. */
  private async runInOrder(caused: readonly Caused[]): Promise<void> {
    for (const { event, index, command } of caused) {
      try {
        await this.executor.execute(command);
      } catch (error) {
        throw new PoisonEvent(event, index, error as Error);
      }
    }
  }
}
