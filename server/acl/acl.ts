/**
 * Access control: which users there are, who a client is, and what it may do.
 *
 * ```
 * AUTH, HELLO ─▶ user ─▶ client.user ─▶ unrestricted: no bit, nothing is asked
 *                                     └▶ else Condition.Acl: each command, key and channel is
 * ACL SETUSER ─▶ rules change ─▶ clients follow, or are dropped
 * ```
 *
 * A command is asked for where it is admitted; once more when a transaction runs it, when a client that
 * has waited is tried again, and for each call of a script.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { bytesOfByteString } from "../../structures/bytes/byte_string.ts";
import { assert } from "../../structures/assert.ts";
import { sha256Hex } from "../../structures/sha256.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config_error.ts";
import type { ConfigFiles } from "../config/config_files.ts";
import { diskFiles } from "../config/disk_files.ts";
import type { Admission } from "../execution/admission.ts";
import type { Client } from "../execution/client.ts";
import { clientLine } from "../execution/client_line.ts";
import type { ClientList } from "../execution/client_list.ts";
import type { CommandNames, CommandTable, ExecutableCommand } from "../execution/command_table.ts";
import { Condition } from "../execution/condition.ts";
import type { Frame } from "../execution/frame.ts";
import type { Transactions } from "../execution/transactions.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import type { Credentials } from "../metrics/metrics_listener.ts";
import { AclClients, type Subscriptions } from "./acl_clients.ts";
import { AclLog, type DenialContext, type DenialReason, MAX_LOGGED_BYTES } from "./acl_log.ts";
import { userLine } from "./description.ts";
import { KeyPlaces } from "./key_places.ts";
import { Denial, Permission } from "./permission.ts";
import { type AclFile, configuredUsers, readAclFile, writeAclFile } from "./stored_users.ts";
import type { User } from "./user.ts";
import { MAX_PASSWORD_BYTES } from "./user_rules.ts";
import { DEFAULT_USER, Users } from "./users.ts";

/** The command that tells what the metrics tell. */
const INFO = bytesOfByteString("info");
/** Who reads the metrics without saying who it is. */
const NOBODY: Credentials = { user: "", password: "" };

/** What access control needs of its server. */
export interface AclParts {
  readonly config: Config;
  readonly log: ServerLog;
  readonly stats: Stats;
  readonly keyspace: { readonly nowMs: number };
  readonly commands: CommandTable;
  readonly names: CommandNames;
  readonly clients: ClientList;
  readonly pubsub: Subscriptions;
  readonly admission: Admission;
  readonly transactions: Transactions;
}

/** Why what a transaction has queued is not carried out any more, by what is denied. */
const LATE_REASONS: Readonly<Record<DenialReason, string>> = {
  command: "no permission to execute the command or subcommand",
  key: "no permission to touch the specified keys",
  channel: "no permission to access one of the channels used as arguments",
  auth: "no permission",
};

/** See the top of the file. */
export class Acl {
  readonly users: Users;
  readonly log: AclLog = new AclLog();
  readonly #parts: AclParts;
  readonly #randomInt: (bound: number) => number;
  readonly #files: ConfigFiles;
  readonly #clients: AclClients;
  readonly #permission: Permission;
  readonly #forgetSettings: () => void;

  /**
   * @param randomInt a uniform integer below its bound, that nobody can foretell
   * @throws {ConfigError} where there is something wrong with the users that are configured
   */
  constructor(
    parts: AclParts,
    randomInt: (bound: number) => number,
    files: ConfigFiles = diskFiles,
  ) {
    const { admission, clients, commands, config, pubsub, transactions } = parts;
    this.#parts = parts;
    this.#randomInt = randomInt;
    this.#files = files;
    this.users = new Users(commands, config);
    this.#permission = new Permission(KeyPlaces.of(commands));
    this.#clients = new AclClients(clients, this.users, pubsub);
    this.users.setDefaultPassword(config.requirePass);
    this.#forgetSettings = config.onApply("requirepass", () => {
      this.users.setDefaultPassword(config.requirePass);
      this.#clients.follow(this.isPasswordNeeded);
      return undefined;
    });
    this.#loadAtStart();
    // Users with a file of their own are none of the configuration file's.
    config.userLines = () => config.aclFile === "" ? this.users.inOrder().map(userLine) : [];
    admission.check(Condition.Acl, (call, command) => this.#refusal(call, command));
    admission.permits = ({ args, client }, command) =>
      this.#permission.permits(client.user as User, command, args);
    transactions.lateRefusal = (call, command) => this.#lateRefusal(call, command);
  }

  /** Has the users be those that there were at the start; clients of others are dropped. */
  reset(): void {
    this.users.replace(new Map());
    this.users.setDefaultPassword(this.#parts.config.requirePass);
    this.#loadAtStart();
    this.#clients.dropClientsOf(({ user }) => this.users.get(user.name) !== user, undefined);
    this.#clients.follow(this.isPasswordNeeded);
  }

  #loadAtStart(): void {
    const { config, log } = this.#parts;
    const { aclFile, userDefinitions } = config;
    if (aclFile !== "") {
      if (userDefinitions.length > 0) {
        throw new ConfigError(
          "there are users in the configuration, and aclfile names a file with others; have all of " +
            "them in one of the two",
        );
      }
      const problems = this.load(undefined);
      if (problems !== undefined) throw new ConfigError(`cannot load the users: ${problems}`);
      return;
    }
    for (const user of configuredUsers(userDefinitions, this.users).values()) {
      this.users.adopt(user);
      if (user.isOn) continue;
      log.notice("a user is off, and nobody can come in as it until it is on", {
        user: user.name,
      });
    }
  }

  // ---- who comes in

  get defaultUser(): User {
    return this.users.default;
  }

  /** Whether a client has to say who it is: it is not let in as the default user anyway. */
  get isPasswordNeeded(): boolean {
    const { isOn, needsNoPassword } = this.users.default;
    return !isOn || !needsNoPassword;
  }

  /**
   * Lets the client of a call in as a user, if that is on and has the password.
   *
   * @param password undefined for one that is longer than any
   * @returns whether it is
   */
  authenticate(
    { args, client }: Frame,
    name: ByteString,
    password: Uint8Array | undefined,
  ): boolean {
    const user = this.#userWith(name, password);
    if (user !== undefined) {
      client.become(user);
      return true;
    }
    this.#parts.stats.wrongPasswords++;
    this.#parts.log.rarely("warning", "a client gave a wrong password", {
      client: client.address,
    });
    const command = args.byteString(0, MAX_LOGGED_BYTES);
    this.#note(client, "auth", contextOf(client), command, name, args);
    return false;
  }

  /** The user of a name, if it is on and has the password. */
  #userWith(name: ByteString, password: Uint8Array | undefined): User | undefined {
    if (password === undefined || password.length > MAX_PASSWORD_BYTES) return undefined;
    // It takes as long for a user that there is not.
    const digest = sha256Hex(password);
    const user = this.users.get(name);
    const isIn = user !== undefined && user.isOn &&
      (user.needsNoPassword || hasPassword(user, digest));
    return isIn ? user : undefined;
  }

  /**
   * Whether the metrics are for somebody: a user who may run INFO, by name and password; without them
   * the default user, while that needs no password.
   */
  mayReadMetrics(credentials: Credentials | undefined): boolean {
    const { user: name, password } = credentials ?? NOBODY;
    const user = this.#userWith(name === "" ? DEFAULT_USER : name, bytesOfByteString(password));
    const info = this.#parts.commands.find(INFO, 0, INFO.length);
    assert(info !== undefined, "there is INFO");
    if (user?.selectors.some((each) => each.allCommands || each.allows(info))) return true;
    if (credentials === undefined) return false;
    this.#parts.stats.wrongPasswords++;
    this.#parts.log.rarely("warning", "a reader of the metrics gave a wrong password");
    return false;
  }

  /** A password of so many random hexadecimal digits. */
  newPassword(digits: number): string {
    return Array.from({ length: digits }, () => this.#randomInt(16).toString(16)).join("");
  }

  // ---- what is open to it

  /** The error reply to a call that its client's user may not make. */
  #refusal(call: Frame, command: ExecutableCommand): string | undefined {
    const { client, args } = call;
    const user = client.user as User;
    const denial = this.#permission.check(user, command, args);
    if (denial === Denial.None) return undefined;
    this.#tell(client, command, args, denial, contextOf(client));
    return `NOPERM ${denialText(user, command, denial)}`;
  }

  /** The error in place of what a transaction has queued, and its client's user may not do any more. */
  #lateRefusal({ client, args }: Frame, command: ExecutableCommand): string | undefined {
    const denial = this.#permission.check(client.user as User, command, args);
    if (denial === Denial.None) return undefined;
    const reason = this.#tell(client, command, args, denial, "multi");
    const message =
      "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC " +
      `call. This command is no longer allowed for the following reason: ${LATE_REASONS[reason]}`;
    this.#parts.stats.countError(message);
    return message;
  }

  /** Why a script may not make a call for its client, without the error's code; see script_calls.ts. */
  scriptRefusal(client: Client, command: ExecutableCommand, args: Arguments): string | undefined {
    if ((client.conditions & Condition.Acl) === 0) return undefined;
    const user = client.user as User;
    const denial = this.#permission.check(user, command, args);
    if (denial === Denial.None) return undefined;
    this.#tell(client, command, args, denial, "lua");
    return `ACL failure in script: ${denialText(user, command, denial)}`;
  }

  /** Whether a client may make a call; nothing is noted. */
  mayCall(client: Client, command: ExecutableCommand, args: Arguments): boolean {
    if ((client.conditions & Condition.Acl) === 0) return true;
    return this.#permission.check(client.user as User, command, args) === Denial.None;
  }

  /** Whether whoever makes a call may read every key, such as those that SORT puts together. */
  mayReadAllKeys({ args, client: { author } }: Frame): boolean {
    if ((author.conditions & Condition.Acl) === 0) return true;
    const command = this.#parts.names.find(args.bytes, args.start(0), args.length(0));
    assert(command !== undefined, "a call that runs has a command");
    return this.#permission.allowsReadingAll(author.user as User, command, args);
  }

  /** ACL DRYRUN: why a user may not make a call, with all that is to know. */
  explain(user: User, command: ExecutableCommand, args: Arguments): ByteString | undefined {
    const denial = this.#permission.check(user, command, args);
    if (denial <= Denial.Command) {
      return denial === Denial.None ? undefined : denialText(user, command, denial);
    }
    const name = args.byteString(this.#permission.deniedAt);
    const what = denial === Denial.Key ? "key" : "channel";
    return `User ${user.name} has no permissions to access the '${name}' ${what}`;
  }

  /** Counts a denial and puts it into the log. @returns what was denied */
  #tell(
    client: Client,
    command: ExecutableCommand,
    args: Arguments,
    denial: Denial,
    context: DenialContext,
  ): DenialReason {
    const { stats } = this.#parts;
    const { deniedAt } = this.#permission;
    let reason: DenialReason;
    if (denial === Denial.Command) {
      stats.deniedCommands++;
      reason = "command";
    } else if (denial === Denial.Key) {
      stats.deniedKeys++;
      reason = "key";
    } else {
      stats.deniedChannels++;
      reason = "channel";
    }
    const object = reason === "command"
      ? command.fullName
      : args.byteString(deniedAt, MAX_LOGGED_BYTES);
    // What a script calls is not its client's last command.
    if (context === "toplevel") client.lastCommand = command.fullName;
    this.#note(client, reason, context, object, client.user.name, args);
    return reason;
  }

  #note(
    client: Client,
    reason: DenialReason,
    context: DenialContext,
    object: ByteString,
    userName: ByteString,
    args: Arguments,
  ): void {
    const { config, keyspace: { nowMs } } = this.#parts;
    const clientInfo = clientLine(client, nowMs, args.totalBytes);
    const atMs = Math.floor(nowMs);
    this.log.note(
      { reason, context, object, userName, clientInfo, atMs },
      config.aclLogMaxEntries,
    );
  }

  // ---- changes

  /** ACL SETUSER. @returns what is wrong, and then nothing has changed */
  setUser(name: ByteString, words: readonly ByteString[], caller: Client): string | undefined {
    const changed = this.users.changed(name, words);
    if (typeof changed === "string") return changed;
    const user = this.users.get(name);
    if (user !== undefined) this.#clients.dropSubscribers(user, changed, caller);
    this.users.adopt(changed);
    if (user !== undefined) this.#clients.follow(this.isPasswordNeeded);
    return undefined;
  }

  /** ACL DELUSER. @returns how many there were; none of them is the default user */
  deleteUsers(names: readonly ByteString[], caller: Client): number {
    const deleted = new Set<unknown>();
    for (const name of names) {
      const user = this.users.get(name);
      if (user === undefined || name === DEFAULT_USER) continue;
      this.users.delete(name);
      deleted.add(user);
    }
    if (deleted.size > 0) {
      this.#clients.dropClientsOf(({ user }) => deleted.has(user), caller);
    }
    return deleted.size;
  }

  /**
   * Has the users of the ACL file in place of all others. Clients that are not the default user's are
   * dropped.
   *
   * @returns what is wrong, and then nothing has changed
   */
  load(caller: Client | undefined): ByteString | undefined {
    const read = readAclFile(this.#file, this.users);
    if ("problems" in read) return read.problems;
    this.users.replace(read.users);
    const { default: defaultUser } = this.users;
    this.#clients.dropClientsOf(({ user }) => user !== defaultUser, caller);
    this.#clients.follow(this.isPasswordNeeded);
    return undefined;
  }

  /** Writes the users to the ACL file. @returns whether that was possible; the log tells why not */
  save(): boolean {
    const problem = writeAclFile(this.#file, this.users);
    if (problem !== undefined) this.#parts.log.warning("cannot save the users", { error: problem });
    return problem === undefined;
  }

  get #file(): AclFile {
    const { config } = this.#parts;
    return { path: config.pathOf(config.aclFile), name: config.aclFile, files: this.#files };
  }

  /** The server stops. */
  close(): void {
    this.#forgetSettings();
  }
}

function contextOf({ transaction }: Client): DenialContext {
  return transaction === undefined ? "toplevel" : "multi";
}

function denialText({ name }: User, { fullName }: ExecutableCommand, denial: Denial): string {
  if (denial === Denial.Command) {
    return `User ${name} has no permissions to run the '${fullName}' command`;
  }
  return `No permissions to access a ${denial === Denial.Key ? "key" : "channel"}`;
}

/** Whether one of a user's digests is that one, in a time that does not tell how much of it is. */
function hasPassword({ passwords }: User, digest: string): boolean {
  const wanted = bytesOfByteString(digest);
  let isAny = false;
  for (const password of passwords) {
    let difference = 0;
    for (let i = 0; i < wanted.length; i++) difference |= wanted[i] ^ password.charCodeAt(i);
    if (difference === 0) isAny = true;
  }
  return isAny;
}
