/**
 * The words after `client`: options first, then, optionally, one command to send. From the first
 * word that is no option on everything belongs to the command, whatever it looks like.
 */

import { parseArgs } from "@std/cli/parse-args";
import { type Address, parseAddress } from "./address.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ReplyStyle } from "./format.ts";

/** What the command line asks for cannot be done. The message is one line for the user. */
export class OptionError extends Error {
  override name = "OptionError";
}

export interface ClientOptions {
  readonly endpoint: Endpoint;
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

const VALUES = { host: "h", port: "p", password: "a", db: "n", socket: "s", uri: "u" } as const;

/** Reads the words after `client`. Throws OptionError. */
export function parseOptions(words: readonly string[]): ClientOptions {
  const unknown: string[] = [];
  const parsed = parseArgs(words, {
    string: ["_", ...Object.keys(VALUES), "user", "cacert"],
    boolean: ["3", "native", "raw", "pretty", "help", "tls", "insecure"],
    alias: { ...VALUES, pretty: "no-raw" },
    stopEarly: true,
    unknown: (argument, key) => key === undefined || unknown.push(argument) === 0,
  });
  if (unknown.length > 0) throw new OptionError(`unknown option ${unknown[0]}; see client --help`);
  const value = (name: string): string | undefined => {
    const given = parsed[name];
    if (given === undefined) return undefined;
    if (typeof given === "string" && given !== "") return given;
    throw new OptionError(`${shown(name)} needs a value`);
  };
  const address = addressOf(value("uri"));
  const clash = (["host", "port", "socket", "user", "password", "db"] as const)
    .find((name) => address !== undefined && value(name) !== undefined);
  if (clash !== undefined) throw new OptionError(`choose one of -u and ${shown(clash)}`);
  const password = value("password") ?? address?.password;
  const user = value("user") ?? address?.user;
  if (user !== undefined && password === undefined) {
    throw new OptionError("--user needs a password, given with -a");
  }
  if (parsed.raw && parsed.pretty) throw new OptionError("choose one of --raw and --no-raw");
  if (parsed["3"] && parsed.native) throw new OptionError("choose one of -3 and --native");
  return {
    endpoint: endpointOf({
      hostname: value("host") ?? address?.hostname,
      port: value("port") ?? address?.port,
      socket: value("socket"),
      caFile: value("cacert"),
      insecure: parsed.insecure === true,
      tls: parsed.tls === true || address?.isTls === true,
    }),
    password,
    user,
    db: db(value("db") ?? address?.db),
    resp3: parsed["3"] === true,
    native: parsed.native === true,
    style: parsed.raw ? "raw" : parsed.pretty ? "pretty" : undefined,
    help: parsed.help === true,
    command: parsed._.map(String),
  };
}

interface EndpointOptions {
  readonly hostname?: string;
  readonly port?: string;
  readonly socket?: string;
  readonly caFile?: string;
  readonly insecure: boolean;
  readonly tls: boolean;
}

function endpointOf(given: EndpointOptions): Endpoint {
  const { caFile, insecure, socket, tls } = given;
  if (!tls && (caFile !== undefined || insecure)) {
    throw new OptionError(`${insecure ? "--insecure" : "--cacert"} is for TLS: add --tls`);
  }
  if (insecure && caFile !== undefined) {
    throw new OptionError("choose one of --cacert and --insecure");
  }
  if (socket !== undefined) {
    if (tls) throw new OptionError("choose one of --tls and -s");
    if (given.hostname !== undefined || given.port !== undefined) {
      throw new OptionError("-s takes neither -h nor -p");
    }
    return { transport: "unix", path: socket };
  }
  const place = { hostname: given.hostname ?? DEFAULT_HOSTNAME, port: port(given.port) };
  if (!tls) return { transport: "tcp", ...place };
  return { transport: "tls", ...place, insecure, ...(caFile === undefined ? {} : { caFile }) };
}

function addressOf(text: string | undefined): Address | undefined {
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw new OptionError("-u takes redis://user:password@host:port/database, or rediss://… for TLS");
}

/** An option as it is written in short, where it can be. */
function shown(name: string): string {
  const short = VALUES[name as keyof typeof VALUES];
  return short === undefined ? `--${name}` : `-${short}`;
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
