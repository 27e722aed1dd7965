/** Files, as the server needs them of the runtime. All of it is synchronous and may throw. */

/** Where bytes go. */
export interface ByteSink {
  /** @returns how many of the bytes were taken */
  writeSync(bytes: Uint8Array): number;
}

export interface WritableFile extends ByteSink {
  close(): void;
}

export interface Files {
  readonly standardOutput: ByteSink;
  readonly standardError: ByteSink;
  /** Opens a file to write at its end, and makes it where it is missing. */
  openToAppend(path: string): WritableFile;
  /** The first bytes of a file, `maxBytes` at most; "-" is standard input. */
  read(path: string, maxBytes: number): Uint8Array;
  /** The names in a directory, in any order. */
  names(directory: string): readonly string[];
  /**
   * Removes a Unix socket that nobody listens on any more, where one is there.
   *
   * @returns false where something else has the path
   */
  removeSocket(path: string): boolean;
  /**
   * Puts the bytes in the file's place: whoever reads it sees the old or the new ones, all of them.
   * An old file's mode is kept. What is not permitted is not asked for either, as a server that runs
   * must not wait for an answer.
   */
  replace(path: string, bytes: Uint8Array): void;
}
