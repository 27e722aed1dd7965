/**
 * The words after `client`: options first, then, optionally, one command to send. From the first
 * word that is no option on everything belongs to the command, whatever it looks like.
 */

import { parseArgs } from "@std/cli/parse-args";
import type { ReplyStyle } from "./format.ts";

/** What the command line asks for cannot be done. The message is one line for the user. */
export class OptionError extends Error {
  override name = "OptionError";
}

export interface ClientOptions {
  readonly hostname: string;
  readonly port: number;
  /** Sent with AUTH after every connect. */
  readonly password?: string;
  /** Goes with the password; without it the default user is meant. */
  readonly user?: string;
  /** The database to SELECT after connecting. */
  readonly db: number;
  /** Whether HELLO 3 is sent after connecting. */
  readonly resp3: boolean;
  readonly native: boolean;
  /** How replies are printed; undefined: pretty on a terminal, raw elsewhere. */
  readonly style?: ReplyStyle;
  readonly help: boolean;
  /** The command to send, its name first; empty for piped input or a session. */
  readonly command: readonly string[];
}

const DEFAULT_PORT = 1234;
const DEFAULT_HOSTNAME = "127.0.0.1";
const MAX_PORT = 65_535;

const VALUES = { host: "h", port: "p", password: "a", db: "n" } as const;

/** Reads the words after `client`. Throws OptionError. */
export function parseOptions(words: readonly string[]): ClientOptions {
  const unknown: string[] = [];
  const parsed = parseArgs(words, {
    string: ["_", ...Object.keys(VALUES), "user"],
    boolean: ["3", "native", "raw", "pretty", "help"],
    alias: { ...VALUES, pretty: "no-raw" },
    stopEarly: true,
    unknown: (argument, key) => key === undefined || unknown.push(argument) === 0,
  });
  if (unknown.length > 0) throw new OptionError(`unknown option ${unknown[0]}; see client --help`);
  const value = (name: string): string | undefined => {
    const given = parsed[name];
    if (given === undefined) return undefined;
    if (typeof given === "string" && given !== "") return given;
    const short = VALUES[name as keyof typeof VALUES];
    throw new OptionError(`${short === undefined ? `--${name}` : `-${short}`} needs a value`);
  };
  const password = value("password");
  const user = value("user");
  if (user !== undefined && password === undefined) {
    throw new OptionError("--user needs a password, given with -a");
  }
  if (parsed.raw && parsed.pretty) throw new OptionError("choose one of --raw and --no-raw");
  if (parsed["3"] && parsed.native) throw new OptionError("choose one of -3 and --native");
  return {
    hostname: value("host") ?? DEFAULT_HOSTNAME,
    port: port(value("port")),
    password,
    user,
    db: db(value("db")),
    resp3: parsed["3"] === true,
    native: parsed.native === true,
    style: parsed.raw ? "raw" : parsed.pretty ? "pretty" : undefined,
    help: parsed.help === true,
    command: parsed._.map(String),
  };
}

function port(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MAX_PORT) {
    throw new OptionError(`'${text}' is not a port; ports are 1 to ${MAX_PORT}`);
  }
  return value;
}

function db(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,9}$/.test(text)) throw new OptionError(`'${text}' is not the number of a database`);
  return Number(text);
}
