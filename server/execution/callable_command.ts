/** What a call needs to know of its command. */
export interface CallableCommand {
  /** Dense number of the command, an index for per-server tables. */
  readonly id: number;
  /** `config|get` for a subcommand. */
  readonly fullName: string;
  /** Reads keys and changes none. */
  readonly isReadOnly: boolean;
  /** Index of the first key argument, 0 for none. This and what follows is a guess, to load ahead by. */
  readonly firstKey: number;
  /** Whether a call may have more than two keys. */
  readonly hasManyKeys: boolean;
  /** Index of the last key argument, negative where it is counted from the end. */
  readonly lastKey: number;
  /** From one key argument to the next. */
  readonly keyStep: number;
}
