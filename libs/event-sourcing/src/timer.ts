import type { AnyCommand, CommandClass } from './command.js';
import type { Moneyless } from './declared-fields.js';

/** A timer as its context declares it: what falls due under its name, for any stream. */
export interface Timer<C extends AnyCommand = AnyCommand> {
  readonly name: string;
  readonly command: CommandClass<C>;
  /** It moves money without anybody asking: it is held while its account is, and its run is admitted before it does anything. */
  readonly bills: boolean;
}

/**
 * `export const renewal = timer('renewal', RenewSubscription, { bills: true })`. The name is stored with each timer that is set, and
 * the command's data as plain JSON: an amount of money would not come back as one, and does not compile.
 */
export function timer<C extends AnyCommand>(
  name: string,
  command: CommandClass<C> & Moneyless<C['data']>,
  { bills }: { readonly bills: boolean },
): Timer<C> {
  return { name, command, bills };
}
