/** Files, as the server needs them of the runtime. All of it is synchronous and may throw. */

/** Where bytes come from. */
export interface ByteSource {
  /** Puts bytes into `buffer`. @returns how many, null at the end */
  readSync(buffer: Uint8Array): number | null;
}

/** Where bytes go. */
export interface ByteSink {
  /** @returns how many of the bytes were taken */
  writeSync(bytes: Uint8Array): number;
}

export interface ReadableFile extends ByteSource {
  close(): void;
}

export interface WritableFile extends ByteSink {
  close(): void;
}

export interface Files {
  readonly standardInput: ByteSource;
  readonly standardOutput: ByteSink;
  readonly standardError: ByteSink;
  /** @throws "notFound", "notPermitted", "refusedBySystem" */
  openToRead(path: string): ReadableFile;
  /** Opens a file to write at its end, and makes it where it is missing. */
  openToAppend(path: string): WritableFile;
  /**
   * Gives a file new contents, all or nothing: they are written to `path` with `.new` behind it, which
   * then takes the file's name. An old file's mode is kept.
   */
  replace(path: string, contents: Uint8Array): void;
}
