// The log of one server: levelled lines of text or JSON, to standard output, a file, or whatever the
// embedding program gives. A process may run several servers, with levels and outputs of their own,
// coming and going at any time.
//
//     ServerLog ── level ──▶ relay, if there is one and it takes the record (program_log.ts)
//                        └─▶ a line of text or JSON ──▶ sink, file or standard output

import { ConfigError } from "./config/config_error.ts";
import { LOG_LEVELS, type LogFormat, type LogLevel } from "./config/settings.ts";

/** Takes one finished line, without its line end. */
export type LogSink = (line: string) => void;

/** Values that go with a message: `name=value` in text, members of their own in JSON. */
export type LogFields = Readonly<Record<string, unknown>>;

/** How much a record matters: its level, or that it is about a fault in Ravel or a plugin. */
export type LogSeverity = LogLevel | "fault";

/** Offered each record before it becomes a line; returns whether it took it. */
export type LogRelay = (severity: LogSeverity, message: string, fields: LogFields) => boolean;

export interface ServerLogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Path of the file to append to; empty for standard output. */
  readonly file: string;
  /** Takes the lines in place of file and standard output. */
  readonly sink?: LogSink;
  /** Where records may go instead of becoming lines. */
  readonly relay?: LogRelay;
}

/** The marks of Redis's log lines. */
const MARKS: Readonly<Record<LogLevel, string>> = {
  debug: ".",
  verbose: "-",
  notice: "*",
  warning: "#",
};

interface Destination extends Disposable {
  write: LogSink;
}

/** One server's log. Messages are plain text; data of clients goes into fields. */
export class ServerLog implements Disposable {
  readonly #format: typeof textLine;
  readonly #relay: LogRelay | undefined;
  /** Undefined once the log is closed. */
  #destination: Destination | undefined;
  #threshold: number;

  /** Throws ConfigError when the file cannot be written. */
  constructor(options: ServerLogOptions) {
    this.#destination = options.sink
      ? { write: options.sink, [Symbol.dispose]() {} }
      : options.file === ""
      ? standardOutput()
      : logFile(options.file);
    this.#threshold = LOG_LEVELS.indexOf(options.level);
    this.#format = options.format === "json" ? jsonLine : textLine;
    this.#relay = options.relay;
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
    this.#record("debug", message, fields);
  }

  verbose(message: string, fields?: LogFields): void {
    this.#record("verbose", message, fields);
  }

  notice(message: string, fields?: LogFields): void {
    this.#record("notice", message, fields);
  }

  warning(message: string, fields?: LogFields): void {
    this.#record("warning", message, fields);
  }

  /** A fault in Ravel or a plugin: a warning that shows where the error was thrown. */
  fault(message: string, error: unknown, fields?: LogFields): void {
    const stack = error instanceof Error ? error.stack ?? String(error) : String(error);
    this.#record("fault", message, { ...fields, stack });
  }

  #record(severity: LogSeverity, message: string, fields: LogFields = {}): void {
    const level = severity === "fault" ? "warning" : severity;
    if (this.#destination === undefined || !this.logs(level)) return;
    if (this.#relay?.(severity, message, fields)) return;
    this.#destination.write(this.#format(level, Date.now(), message, fields));
  }

  /** Closes the file. Later messages are dropped. */
  [Symbol.dispose](): void {
    this.#destination?.[Symbol.dispose]();
    this.#destination = undefined;
  }
}

/** `4711 22 Nov 2026 15:30:01.123 * message name=value`, and a stack on lines below it. */
function textLine(level: LogLevel, atMs: number, message: string, fields: LogFields): string {
  let line = `${Deno.pid} ${localTime(atMs)} ${MARKS[level]} ${printable(message)}`;
  for (const [name, value] of Object.entries(fields)) {
    if (name !== "stack") line += ` ${name}=${printable(String(value))}`;
  }
  if (typeof fields.stack !== "string") return line;
  return line + fields.stack.split("\n").map((text) => "\n    " + printable(text.trim())).join("");
}

function jsonLine(level: LogLevel, atMs: number, message: string, fields: LogFields): string {
  const time = new Date(atMs).toISOString();
  return JSON.stringify(
    { time, level, pid: Deno.pid, message, ...fields },
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

const encoder = new TextEncoder();

function standardOutput(): Destination {
  return {
    write(line) {
      try {
        writeWhole(Deno.stdout, line);
      } catch {
        // Nobody reads standard output any more. The server goes on without its log.
      }
    },
    [Symbol.dispose]() {},
  };
}

function logFile(path: string): Destination {
  const file = openLogFile(path);
  return {
    write: (line) => writeWhole(file, line),
    [Symbol.dispose]: () => file.close(),
  };
}

function openLogFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new ConfigError(
        `cannot write the log file ${path}: writing files is not permitted; start with ` +
          `"deno run --allow-net --allow-write=${path} main.ts serve"`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`cannot write the log file ${path}: ${reason}; check --logfile`);
  }
}

function writeWhole(output: { writeSync(bytes: Uint8Array): number }, line: string): void {
  let bytes = encoder.encode(line + "\n");
  while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
}
