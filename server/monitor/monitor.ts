/**
 * MONITOR: clients that are shown every command as it is carried out, a line each.
 *
 * ```
 * +1700000000.123456 [0 127.0.0.1:50000] "set" "k" "a\nb"
 *  time of the line   │ whose command     arguments in quotes
 *                     database that it has selected
 * ```
 *
 * A command is shown when it has run: what a transaction runs stands before its EXEC. Who waited and
 * is tried again is not shown twice, and what a pause has held back not at all, as on Redis. Not shown are commands for those who run the server, and the
 * passwords in others. While nobody watches, none of this costs anything.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { Frame } from "../execution/frame.ts";
import type { Client, ClientNotes, Facet, FacetKind } from "../execution/client.ts";
import type { ExecutableCommand } from "../execution/command_table.ts";
import { Condition } from "../execution/condition.ts";
import type { Gates } from "../execution/invoker.ts";
import { Push } from "../execution/push.ts";
import { After, type Settlement } from "../execution/settlement.ts";
import { hiddenArguments, shownArgument } from "../execution/shown_arguments.ts";

/** Bytes of arguments that a line shows at most: a string of this runtime has to hold it. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;

/** Who has called what a script calls. */
const SCRIPT = "lua";

const NO_KEYS = "ERR Replica can't interact with the keyspace";

/** What has to be known of a command to show it. */
type ShownCommand = Pick<ExecutableCommand, "sensitive">;

class Watcher implements Facet {
  constructor(readonly monitor: Monitor, readonly client: Client) {}

  note(notes: ClientNotes): void {
    notes.flags += "O";
  }

  reset(): void {
    this.monitor.stop(this.client);
  }

  ended(): void {
    this.reset();
  }
}

export class Monitor {
  readonly #settlement: Settlement;
  readonly #now: () => number;
  readonly #clients = new Set<Client>();
  readonly #facet: FacetKind<Watcher> = { make: (client) => new Watcher(this, client) };

  /** @param now milliseconds since 1970, with fractions */
  constructor({ admission, settlement }: Gates, now: () => number) {
    this.#settlement = settlement;
    this.#now = now;
    settlement.hook(After.Monitor, (call, command) => this.#show(call, command));
    admission.check(Condition.ReplicaClient, (_, command) => {
      const usesKeys = command.isWrite || command.isReadOnly || command.mayReplicate;
      return usesKeys ? NO_KEYS : undefined;
    });
  }

  /** Whether a client watches. */
  isWatching(client: Client): boolean {
    return this.#clients.has(client);
  }

  /** Has a client watch. It counts as a replica from now on: it is not paused, and uses no keys. */
  start(client: Client): void {
    client.facet(this.#facet);
    this.#clients.add(client);
    client.conditions |= Condition.ReplicaClient;
    this.#settlement.set(After.Monitor, true);
  }

  /** A client watches no more, if it did. */
  stop(client: Client): void {
    if (!this.#clients.delete(client)) return;
    client.dropFacet(this.#facet);
    client.conditions &= ~Condition.ReplicaClient;
    if (this.#clients.size === 0) this.#settlement.set(After.Monitor, false);
  }

  /** Shows a call that is only beginning, as what its command runs is to stand behind it. */
  announce(call: Frame, command: ShownCommand): void {
    if (this.#clients.size > 0) this.#tell(call, command);
  }

  #show(call: Frame, command: ExecutableCommand): void {
    const { client } = call;
    const isSeen = call.isRetry || client.isResumed;
    if (call.depth === 0) client.isResumed = false;
    if (command.isAdmin || command.skipsMonitor || isSeen && call.depth === 0) return;
    this.#tell(call, command);
  }

  #tell({ args, client }: Frame, command: ShownCommand): void {
    const who = client.isScript ? SCRIPT : client.address;
    const line = `${seconds(this.#now())} [${client.db.index} ${who}] ` +
      quotedArguments(command, args);
    const push = new Push((reply) => reply.status(line));
    for (const watcher of this.#clients) watcher.push(push);
  }
}

/** A time as `seconds.microseconds`. */
function seconds(ms: number): string {
  const microseconds = Math.floor(ms * 1000);
  const fraction = String(microseconds % 1_000_000).padStart(6, "0");
  return `${Math.floor(microseconds / 1_000_000)}.${fraction}`;
}

function quotedArguments(command: ShownCommand, args: Arguments): ByteString {
  const hidden = hiddenArguments(command, args);
  let left = MAX_SHOWN_BYTES;
  let text = "";
  for (let i = 0; i < args.count; i++) {
    if (i > 0) text += " ";
    text += quoted(shownArgument(args, i, hidden, left));
    const cut = args.length(i) - left;
    if (cut > 0) return `${text}... (${cut} more bytes)`;
    left -= args.length(i);
  }
  return text;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
  "\\": "\\\\",
  '"': '\\"',
};

/** Bytes in double quotes: what is not printable ASCII has a name or a number. O(bytes). */
function quoted(bytes: ByteString): ByteString {
  const escaped = bytes.replace(
    /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g,
    (byte) => NAMED_ESCAPES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
