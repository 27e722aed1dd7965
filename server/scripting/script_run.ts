/** The script that runs: for whom, what it may do, and what it has done. One object for all runs. */

import { Client, type Transport } from "../execution/client.ts";
import { NO_USER } from "../execution/client_user.ts";
import type { Frame } from "../execution/frame.ts";
import { NOWHERE } from "../execution/nowhere.ts";
import { PropagateTo } from "../execution/propagation.ts";
import type { Database } from "../keyspace/database.ts";
import { LuaReply } from "./lua_reply.ts";
import type { Program } from "./program.ts";
import { ScriptFlag } from "./script_flags.ts";

/** The client of scripts has no connection. */
const NO_TRANSPORT: Transport = {
  remoteAddress: "",
  localAddress: "",
  isLocal: true,
  isUnixSocket: false,
  inputBytes: 0,
  argumentBytes: 0,
  inputCapacity: 0,
  announcedBytes: 0,
  outputBytes: 0,
  outputChunks: 0,
  outputCapacity: 0,
  output: () => NOWHERE,
  outputAdded() {},
  released() {},
  close() {},
  finish() {},
};

export class ScriptRun {
  /** Takes the replies of what the script calls. */
  readonly reply: LuaReply = new LuaReply();
  /** As whom it calls. */
  readonly client: Client;
  /** In which it calls. */
  #frame!: Frame;
  program!: Program;
  /** Whose script it is. */
  caller!: Client;
  /** Whether it may change nothing; whether it may add although memory is short. */
  isReadOnly = false;
  allowsOom = false;
  /** Whether it has changed something, so that it can be ended no more. */
  hasWritten = false;

  constructor(database: Database) {
    this.client = new Client(0, NO_TRANSPORT, database, this.reply, 0, NO_USER, false);
  }

  get frame(): Frame {
    return this.#frame;
  }

  set frame(frame: Frame) {
    this.#frame = frame;
    frame.setClient(this.client);
  }

  /** Begins to run a program for the client of a call, in a frame of the next depth. */
  begin(program: Program, { client: caller, db }: Frame, frame: Frame, isReadOnly: boolean): void {
    const { client, reply } = this;
    const { flags } = program;
    this.program = program;
    this.caller = caller;
    this.isReadOnly = isReadOnly || (flags & ScriptFlag.NoWrites) !== 0;
    this.allowsOom = (flags & ScriptFlag.AllowOom) !== 0;
    this.hasWritten = false;
    client.author = caller;
    client.db = db;
    client.after = caller.after;
    reply.protocol = 2;
    this.frame = frame;
    frame.propagatesTo = PropagateTo.All;
  }

  /** It is over; nothing of its client is kept. */
  end(): void {
    this.#frame.disown();
    this.#frame.propagatesTo = PropagateTo.All;
    this.caller = this.client.author = undefined!;
    this.program = undefined!;
    this.#frame = undefined!;
  }
}
