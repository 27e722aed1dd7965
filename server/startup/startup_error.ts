/**
 * What a user reads when the server cannot start: one line that says what failed, why, and what to
 * do about it. Every such phrase that is not about a setting's value is here.
 */

import { EndpointError } from "../clients/endpoint_error.ts";
import { ConfigError } from "../config/config_error.ts";
import type { MissingPermission } from "../platform/failures.ts";
import { failures, process } from "../platform/platform.ts";

/** No system takes a longer path for a socket; some take 107 bytes, some 103. */
const LONG_SOCKET_PATH_BYTES = 103;

/** Where the server was to listen, for the message. */
export interface ListenTarget {
  readonly port: number;
  readonly bind: readonly string[];
}

/** What stands for an address in the phrases. */
interface Wanted {
  readonly what: string;
  readonly setting: string;
}

/** One line for any error that serve() may throw. */
export function describeStartupError(error: unknown, target: ListenTarget): string {
  return failures.messageOf(`cannot start: ${reasonOf(error, target)}`);
}

function reasonOf(error: unknown, target: ListenTarget): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof EndpointError)) {
    return listenReason(error, { what: `port ${target.port}`, setting: "port" }, target);
  }
  const { cause, setting, value } = error;
  if (setting === "unixsocket") return unixSocketReason(cause, String(value));
  return listenReason(cause, { what: `port ${value}`, setting }, target);
}

function unixSocketReason(error: unknown, path: string): string {
  if (failures.kindOf(error) === "notPermitted") {
    return `the Unix socket ${path} takes more permissions: start with ` +
      `"${process.invocationWith({ read: path, write: path })} serve"`;
  }
  const { length } = new TextEncoder().encode(path);
  if (length > LONG_SOCKET_PATH_BYTES) {
    return `cannot listen on the Unix socket ${path}: its path has ${length} bytes, and systems take ` +
      "little more than 100; name a shorter one with --unixsocket";
  }
  return `cannot listen on the Unix socket ${path}: ${failures.messageOf(error)}`;
}

function listenReason(error: unknown, { what, setting }: Wanted, { bind }: ListenTarget): string {
  const addresses = bind.join(" ");
  const kind = failures.kindOf(error);
  if (kind === "addressInUse") {
    return `${what} is in use by another program; stop that one, or choose another port with ` +
      `--${setting}`;
  }
  if (kind === "addressNotAvailable") {
    return `no address of this machine is among '${addresses}'; correct --bind`;
  }
  const missing = failures.missingPermission(error);
  if (missing !== undefined) return howToPermit(missing);
  if (kind === "refusedBySystem") {
    return `the system does not allow to listen on ${what}; choose a port of 1024 or more ` +
      `with --${setting}`;
  }
  if (kind === "noDescriptors") {
    return "the process may open too few files and sockets; raise that with ulimit -n";
  }
  const message = failures.messageOf(error);
  if (/lookup address|invalid host|Invalid argument/i.test(message)) {
    return `'${addresses}' is not an address that can be listened on; correct --bind`;
  }
  return message;
}

function howToPermit({ kind, resource }: MissingPermission): string {
  const purpose = resource === undefined ? "" : ` to ${resource}`;
  return `${process.runtimeName} was not given ${kind} access${purpose}; start with ` +
    `"${process.invocationWith({ [kind]: "" })} serve"`;
}
