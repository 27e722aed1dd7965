/**
 * The log of one server: levelled lines of text or JSON, to a file or to whatever the embedding
 * program gives; the command line gives standard output. LogTape has one configuration for the whole
 * process, while a process may run several servers with levels and sinks of their own, coming and
 * going at any time. So LogTape is configured once, with a sink that passes each record to its server
 * by the record's category, and no server's start or stop ever touches that configuration:
 *
 *     ServerLog 1 ── logger ["ravel", "1"] ──┐               ┌──▶ server 1's lines
 *                                            ├──▶ one sink ──┤
 *     ServerLog 2 ── logger ["ravel", "2"] ──┘               └──▶ server 2's lines
 *
 * A program that has configured LogTape itself keeps its configuration, and gets the records of
 * category "ravel" there instead.
 */

import {
  configureSync,
  getConfig,
  getLogger,
  type Logger,
  type LogRecord,
} from "npm:@logtape/logtape@2.4.2";
import { ConfigError } from "../config/config_error.ts";
import { LOG_LEVELS, type LogFormat, type LogLevel } from "../config/settings.ts";
import type { WritableFile } from "../platform/files.ts";
import { failures, files, process } from "../platform/platform.ts";
import { writeLine } from "./print.ts";
import { RareLines } from "./rare_lines.ts";

/** Takes one finished line, without its line end. */
export type LogSink = (line: string) => void;

/** Values that go with a message: `name=value` in text, members of their own in JSON. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface ServerLogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Path of the file to append to; empty for none. */
  readonly file: string;
  /** Takes the lines in place of the file. Without either, nothing is written. */
  readonly sink?: LogSink;
}

/** Settings, as far as the log follows them. */
export interface LogSettings {
  readonly logLevel: LogLevel;
  /** Has `listener` called after each change of a setting. @returns what ends that */
  onChange(name: string, listener: () => void): () => void;
}

/** Levels that messages have. */
type WrittenLevel = Exclude<LogLevel, "nothing">;

const ROOT_CATEGORY = "ravel";

/** The marks of Redis's log lines. */
const MARKS: Readonly<Record<WrittenLevel, string>> = {
  debug: ".",
  verbose: "-",
  notice: "*",
  warning: "#",
};

const LEVEL_OF_RECORD: Readonly<Record<LogRecord["level"], WrittenLevel>> = {
  trace: "debug",
  debug: "verbose",
  info: "notice",
  warning: "warning",
  error: "warning",
  fatal: "warning",
};

interface Destination extends Disposable {
  write: LogSink;
}

interface Output {
  readonly format: LogFormat;
  readonly destination: Destination;
}

/** The outputs of the servers that are alive, by the second part of their category. */
const outputs = new Map<string, Output>();
let serversStarted = 0;

/** One server's log. Messages are plain text; data of clients goes into fields. */
export class ServerLog implements Disposable {
  readonly #id: string;
  readonly #logger: Logger;
  readonly #destination: Destination;
  readonly #rareLines = new RareLines();
  /** Of each kind of rare lines. */
  readonly #rareLevels = new Map<string, WrittenLevel>();
  #forgetSettings: (() => void) | undefined;
  #threshold: number;

  /** Throws ConfigError when the file cannot be written. */
  constructor(options: ServerLogOptions) {
    this.#destination = options.sink
      ? { write: options.sink, [Symbol.dispose]() {} }
      : options.file === ""
      ? NOWHERE
      : logFile(options.file);
    this.#threshold = LOG_LEVELS.indexOf(options.level);
    configureLogTape();
    this.#id = String(++serversStarted);
    outputs.set(this.#id, { format: options.format, destination: this.#destination });
    this.#logger = getLogger([ROOT_CATEGORY, this.#id]);
  }

  /** The least important level that is written; may be changed at any time. */
  get level(): LogLevel {
    return LOG_LEVELS[this.#threshold];
  }

  set level(level: LogLevel) {
    this.#threshold = LOG_LEVELS.indexOf(level);
  }

  /** Whether a message of that level would be written: ask before building an expensive one. */
  logs(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#threshold;
  }

  debug(message: string, fields?: LogFields): void {
    if (this.logs("debug")) this.#logger.trace("{message}", { ...fields, message });
  }

  verbose(message: string, fields?: LogFields): void {
    if (this.logs("verbose")) this.#logger.debug("{message}", { ...fields, message });
  }

  notice(message: string, fields?: LogFields): void {
    if (this.logs("notice")) this.#logger.info("{message}", { ...fields, message });
  }

  warning(message: string, fields?: LogFields): void {
    if (this.logs("warning")) this.#logger.warning("{message}", { ...fields, message });
  }

  /** A fault in Ravel or a plugin: a warning that shows where the error was thrown. */
  fault(message: string, error: unknown, fields?: LogFields): void {
    if (!this.logs("warning")) return;
    const stack = error instanceof Error ? error.stack ?? String(error) : String(error);
    this.#logger.error("{message}", { ...fields, stack, message });
  }

  /**
   * A message that strangers can cause at will: one a second is written. The others are counted, and
   * {@linkcode ServerLog.tellOmitted} says how many there were.
   *
   * @param message names the kind, so it is a text of the program
   */
  rarely(level: WrittenLevel, message: string, fields?: LogFields): void {
    if (!this.logs(level)) return;
    this.tellOmitted();
    this.#rareLevels.set(message, level);
    if (this.#rareLines.admits(message, Date.now())) this.#write(level, message, fields);
  }

  /** Tells of the lines that were left out. For the server's tick; nearly free without any. */
  tellOmitted(): void {
    this.#rareLines.collect(Date.now(), this.#tellOmitted);
  }

  readonly #tellOmitted = (message: string, omitted: number): void => {
    const level = this.#rareLevels.get(message);
    if (level !== undefined) this.#write(level, `${message}: more like this`, { omitted });
  };

  #write(level: WrittenLevel, message: string, fields?: LogFields): void {
    this[level](message, fields);
  }

  /** Takes the level from the settings, now and after each change, until the log is closed. */
  follow(settings: LogSettings): void {
    const adopt = () => {
      this.level = settings.logLevel;
    };
    adopt();
    this.#forgetSettings?.();
    this.#forgetSettings = settings.onChange("loglevel", adopt);
  }

  /** Closes the file. Later messages are dropped. */
  [Symbol.dispose](): void {
    this.#forgetSettings?.();
    this.#forgetSettings = undefined;
    this.#rareLines.collect(Date.now(), this.#tellOmitted, true);
    if (outputs.delete(this.#id)) this.#destination[Symbol.dispose]();
  }
}

function configureLogTape(): void {
  if (getConfig() !== null) return;
  configureSync({
    sinks: { servers: writeRecord },
    loggers: [
      { category: ROOT_CATEGORY, sinks: ["servers"], lowestLevel: "trace" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
    ],
  });
}

function writeRecord(record: LogRecord): void {
  const output = outputs.get(record.category[1]);
  if (output === undefined) return;
  const { message, ...fields } = record.properties;
  const format = output.format === "json" ? jsonLine : textLine;
  output.destination.write(
    format(LEVEL_OF_RECORD[record.level], record.timestamp, String(message), fields),
  );
}

/** `4711 22 Nov 2026 15:30:01.123 * message name=value`, and a stack on lines below it. */
function textLine(level: WrittenLevel, atMs: number, message: string, fields: LogFields): string {
  let line = `${process.id} ${localTime(atMs)} ${MARKS[level]} ${printable(message)}`;
  for (const [name, value] of Object.entries(fields)) {
    if (name !== "stack") line += ` ${name}=${printable(String(value))}`;
  }
  if (typeof fields.stack !== "string") return line;
  return line + fields.stack.split("\n").map((text) => "\n    " + printable(text.trim())).join("");
}

function jsonLine(level: WrittenLevel, atMs: number, message: string, fields: LogFields): string {
  const time = new Date(atMs).toISOString();
  return JSON.stringify(
    { time, level, pid: process.id, message, ...fields },
    (_, value) => typeof value === "bigint" ? String(value) : value,
  );
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function localTime(atMs: number): string {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.` +
    String(date.getMilliseconds()).padStart(3, "0");
}

/** Control characters escaped, so that no client can forge lines or steer a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => {
    return "\\x" + char.charCodeAt(0).toString(16).padStart(2, "0");
  });
}

/** Of a server that nobody gave a place for its log. */
const NOWHERE: Destination = { write() {}, [Symbol.dispose]() {} };

function logFile(path: string): Destination {
  const file = openLogFile(path);
  return {
    write: (line) => writeLine(file, line),
    [Symbol.dispose]: () => file.close(),
  };
}

function openLogFile(path: string): WritableFile {
  try {
    return files.openToAppend(path);
  } catch (error) {
    if (failures.kindOf(error) === "notPermitted") {
      throw new ConfigError(
        `cannot write the log file ${path}: writing files is not permitted; start with ` +
          `"${process.invocationWith({ write: path })} serve"`,
      );
    }
    const reason = failures.messageOf(error);
    throw new ConfigError(`cannot write the log file ${path}: ${reason}; check --logfile`);
  }
}
