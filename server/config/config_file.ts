// Configuration files in redis.conf's form: one directive a line, its words split and quoted like an
// inline request, `#` for comments, `include FILE` for more. The result is a flat list of directives
// that remember where they were written, for error messages.

import { RequestBatch } from "../../protocol/arguments.ts";
import { splitWords } from "../../protocol/inline_request.ts";
import { failures, files } from "../platform/platform.ts";
import { ConfigError } from "./config_error.ts";

/** One directive and where it stands: `in ravel.conf, line 4`, `on the command line`. */
export interface ConfigLine {
  readonly name: string;
  readonly words: readonly string[];
  readonly where: string;
}

/** Reads a whole text; the path "-" is standard input. May throw what files may throw. */
export type ReadText = (path: string) => string;

const MAX_FILE_BYTES = 1024 * 1024;
const MAX_INCLUDE_DEPTH = 16;
const MAX_FILES = 256;
const MAX_WORDS = 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The directives of a file and of those it includes. Throws ConfigError. */
export function readConfigFile(path: string, readText: ReadText = readTextBounded): ConfigLine[] {
  const lines: ConfigLine[] = [];
  readInto(lines, path, { readText, depth: 0, files: { count: 0 } });
  return lines;
}

interface Reading {
  readonly readText: ReadText;
  readonly depth: number;
  readonly files: { count: number };
}

function readInto(lines: ConfigLine[], path: string, reading: Reading): void {
  if (reading.depth > MAX_INCLUDE_DEPTH || ++reading.files.count > MAX_FILES) {
    throw new ConfigError(
      `${path} is included too deep or too often: at most ${MAX_INCLUDE_DEPTH} levels and ` +
        `${MAX_FILES} files; does a file include itself?`,
    );
  }
  const shownPath = path === "-" ? "standard input" : path;
  const text = readConfigText(path, shownPath, reading.readText);
  text.split("\n").forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return;
    const where = `in ${shownPath}, line ${index + 1}`;
    const [name, ...words] = splitLine(trimmed, where);
    if (name.toLowerCase() !== "include") {
      lines.push({ name, words, where });
    } else if (words.length === 1) {
      readInto(lines, words[0], { ...reading, depth: reading.depth + 1 });
    } else {
      throw new ConfigError(`'include' ${where} takes one file`);
    }
  });
}

/** The words of a directive's line; at least one. Throws ConfigError. */
export function splitLine(line: string, where: string): string[] {
  const bytes = encoder.encode(line);
  const batch = new RequestBatch();
  const count = splitWords(batch, 0, bytes, 0, bytes.length, MAX_WORDS);
  if (count <= 0) {
    const why = count === -1 ? "unbalanced quotes" : "too many words";
    throw new ConfigError(`${why} ${where}: ${line.slice(0, 200)}`);
  }
  const words: string[] = [];
  for (let i = 0; i < count; i++) {
    const start = batch.offsets[i];
    words.push(decoder.decode(bytes.subarray(start, start + batch.lengths[i])));
  }
  return words;
}

function readConfigText(path: string, shownPath: string, readText: ReadText): string {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const kind = failures.kindOf(error);
    if (kind === "notPermitted") {
      throw new ConfigError(
        `cannot read the configuration file ${shownPath}: reading files is not permitted; ` +
          `start with "deno run --allow-net --allow-read=${path} main.ts serve ${path}"`,
      );
    }
    if (kind === "notFound") {
      throw new ConfigError(`the configuration file ${shownPath} does not exist`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`cannot read the configuration file ${shownPath}: ${reason}`);
  }
}

/** Refuses to read on past a size that no configuration has, such as a device's. */
function readTextBounded(path: string): string {
  const bytes = new Uint8Array(MAX_FILE_BYTES + 1);
  let length = 0;
  const file = path === "-" ? undefined : files.openToRead(path);
  const source = file ?? files.standardInput;
  try {
    for (;;) {
      const count = source.readSync(bytes.subarray(length));
      if (count === null) break;
      length += count;
      if (length > MAX_FILE_BYTES) {
        throw new ConfigError(
          `${path} is larger than the ${MAX_FILE_BYTES} bytes of a setting file`,
        );
      }
    }
  } finally {
    file?.close();
  }
  return decoder.decode(bytes.subarray(0, length));
}
