/**
 * Configuration files in redis.conf's form: one directive a line, its words split and quoted like an
 * inline request, `#` for comments, `include FILE` for more. The result is a flat list of directives
 * that remember where they were written, for messages. Files are bytes, and so are the words.
 */

import { RequestBatch } from "../../protocol/arguments.ts";
import { splitWords } from "../../protocol/inline_request.ts";
import {
  bytesOfByteString,
  type ByteString,
  byteStringOf,
  textOfByteString,
} from "../../structures/bytes/byte_string.ts";
import { type Problems, shown } from "./config_error.ts";
import { type ConfigFiles, FileError } from "./config_files.ts";
import { hasWildcard, matchingPaths } from "./path_glob.ts";
import { process } from "../platform/platform.ts";

/** One directive and where it stands: `in ravel.conf, line 4`, `on the command line`. */
export interface ConfigLine {
  readonly name: ByteString;
  readonly words: readonly ByteString[];
  readonly where: string;
}

export const MAX_FILE_BYTES = 1024 * 1024;
const MAX_INCLUDE_DEPTH = 16;
const MAX_FILES = 256;
/** As many as a file can have. */
const MAX_WORDS = MAX_FILE_BYTES;

/** What reads files, and gathers what they say and what is wrong with them. */
export class ConfigReader {
  readonly lines: ConfigLine[] = [];
  #depth = 0;
  #files = 0;

  constructor(readonly files: ConfigFiles, readonly problems: Problems) {}

  /** Adds the directives of a file, of those it includes, or of all files that a pattern matches. */
  readFile(path: string): void {
    if (!hasWildcard(path)) return this.#readOne(path);
    for (const match of this.#guarded(path, () => matchingPaths(path, this.files)) ?? []) {
      this.#readOne(match);
    }
  }

  /** Adds one directive, or what it includes. */
  add(line: ConfigLine): void {
    const { words, where } = line;
    if (line.name.toLowerCase() !== "include") {
      this.lines.push(line);
    } else if (words.length !== 1) {
      this.problems.add(`'include' ${where} takes one file`);
    } else if (this.#depth === MAX_INCLUDE_DEPTH) {
      this.problems.add(
        `'include' ${where} is the ${MAX_INCLUDE_DEPTH + 1}th level of files; does a file ` +
          "include itself?",
      );
    } else {
      this.#depth++;
      this.readFile(textOfByteString(words[0]));
      this.#depth--;
    }
  }

  #readOne(path: string): void {
    const shownPath = path === "-" ? "standard input" : path;
    if (this.#files === MAX_FILES) {
      this.problems.add(`more than ${MAX_FILES} files are included; does a file include itself?`);
      // Nothing further is read, nor complained about.
      this.#files++;
    }
    if (this.#files > MAX_FILES) return;
    this.#files++;
    const bytes = this.#guarded(path, () => this.files.read(path, MAX_FILE_BYTES));
    if (bytes === undefined) return;
    if (bytes.length > MAX_FILE_BYTES) {
      this.problems.add(
        `${shownPath} is larger than the ${MAX_FILE_BYTES} bytes of a configuration file`,
      );
      return;
    }
    linesOf(bytes).forEach((line, index) => {
      if (line === "" || line.startsWith("#")) return;
      const where = `in ${shownPath}, line ${index + 1}`;
      const words = splitLine(line);
      if (words === undefined) this.problems.add(unreadable(line, where));
      else if (words.length > 0) this.add({ name: words[0], words: words.slice(1), where });
    });
  }

  #guarded<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.problems.add(describe(error, path));
      return undefined;
    }
  }
}

/** The lines of a file, without the blanks around them. */
export function linesOf(bytes: Uint8Array): ByteString[] {
  return byteStringOf(bytes, 0, bytes.length).split("\n").map((line) =>
    line.replace(/^[ \t\r]+|[ \t\r]+$/g, "")
  );
}

/** Where the words of one line are, until they are told. */
const places = new RequestBatch();

/** The words of a line, quotes and escapes undone; undefined where quotes stay open. */
export function splitLine(line: ByteString): ByteString[] | undefined {
  const bytes = bytesOfByteString(line);
  const count = splitWords(places, 0, bytes, 0, bytes.length, MAX_WORDS);
  const words = count < 0 ? undefined : Array.from(
    { length: count },
    (_, i) => byteStringOf(bytes, places.offsets[i], places.lengths[i]),
  );
  places.clear();
  return words;
}

export function unreadable(line: ByteString, where: string): string {
  return `unbalanced quotes ${where}: ${shown(line)}`;
}

function describe({ trouble, message }: FileError, path: string): string {
  const shownPath = path === "-" ? "standard input" : path;
  switch (trouble) {
    case "missing":
      return `the configuration file ${shownPath} does not exist`;
    case "not permitted":
      return `cannot read the configuration file ${shownPath}, nor tell whether it exists: reading ` +
        `files is not permitted; start with "${
          process.invocationWith({ read: path })
        } serve ${path}"`;
    case "other":
      return `cannot read the configuration file ${shownPath}: ${message}`;
  }
}
