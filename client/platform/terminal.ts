/** The terminal, and standard input where it is none. */

export interface ByteSource {
  /** Waits for bytes and puts them into `buffer`. @returns how many, null at the end */
  read(buffer: Uint8Array): Promise<number | null>;
}

export interface Terminal {
  /** Whether a person types there, or reads. */
  isTerminal(stream: "input" | "output"): boolean;
  /** Standard input as bytes, for when it is no terminal: that one belongs to the line editor. */
  readonly input: ByteSource;
  /** How many characters fit into a row of standard output; undefined where that is not known. */
  columns(): number | undefined;
  /** Calls `listener` whenever that number may have changed. @returns what undoes it */
  onResize(listener: () => void): () => void;
  /** Whether the user wants no colours, by the variable NO_COLOR. */
  readonly noColor: boolean;
}
