/** A sub-command of the command line. */
export interface CliCommand {
  readonly name: string;
  /** One line, for the list of all. */
  readonly description: string;
  /** What `--help` prints below it. */
  readonly usage: string;
  /** Answers the exit code. Throws `UsageError` for arguments that mean nothing. */
  run(args: readonly string[]): Promise<number>;
}
