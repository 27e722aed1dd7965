/** Small text files in the user's home directory. All of it is synchronous. */

export interface Home {
  /**
   * Where a file of this name is or would be; undefined where there is no home, or where the file
   * cannot be read and written without somebody being asked for it.
   */
  pathOf(name: string): string | undefined;
  /** @throws where it cannot be read; {@linkcode Failures.kindOf} knows one that is missing */
  read(path: string): string;
  /** Makes this the whole text. A new file is its owner's alone. @throws where that fails */
  replace(path: string, text: string): void;
  /** Writes at the end. A new file is its owner's alone. @throws where that fails */
  append(path: string, text: string): void;
}
