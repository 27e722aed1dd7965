/** What reading and rewriting configuration files asks of the system. */

/** Why a file could not be read or written. */
type FileTrouble = "missing" | "not permitted" | "other";

export class FileError extends Error {
  override name = "FileError";

  constructor(readonly trouble: FileTrouble, message: string) {
    super(message);
  }
}

/** Files by path; what fails throws FileError. */
export interface ConfigFiles {
  /** The bytes of a file, one more than `maxBytes` at most; "-" is standard input. */
  read(path: string, maxBytes: number): Uint8Array;
  /** The names in a directory, in any order. */
  names(directory: string): readonly string[];
  /** Puts the bytes in the file's place: whoever reads it sees the old or the new ones, all of them. */
  replace(path: string, bytes: Uint8Array): void;
  /** Where relative paths start, or undefined where that may not be asked. */
  workingDirectory(): string | undefined;
}
