/**
 * The table `redis` of scripts.
 *
 * | field                                    |                                                       |
 * | ---------------------------------------- | ----------------------------------------------------- |
 * | call, pcall                              | run a command; an error is raised, or answered        |
 * | error_reply, status_reply                | make replies                                          |
 * | sha1hex                                  | the digest of a string                                |
 * | log, LOG_DEBUG … LOG_WARNING             | write into the server's log                           |
 * | setresp                                  | chooses how replies become values                     |
 * | set_repl, REPL_NONE … REPL_ALL           | choose who is told of what the script changes         |
 * | acl_check_cmd                            | whether a command may be called                       |
 * | REDIS_VERSION, REDIS_VERSION_NUM         | whose behaviour Ravel follows                         |
 * | breakpoint, debug, replicate_commands    | as where there is no debugger; of EVAL alone          |
 */

import { parseNumber } from "../../lua/runtime/number_parsing.ts";
import { formatNumber } from "../../lua/runtime/number_text.ts";
import { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { type LuaValue, NOTHING, type Results } from "../../lua/runtime/value.ts";
import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { sha1Hex } from "../../structures/sha1.ts";
import { PropagateTo } from "../execution/propagation.ts";
import type { ServerLog } from "../report/log.ts";
import { redisVersion } from "../version.ts";
import { errorTable, fieldTable, raise } from "./error_tables.ts";
import type { ScriptCalls } from "./script_calls.ts";
import { untilNul } from "./value_reply.ts";

/** The levels of redis.log, by their numbers. */
const LEVELS = ["debug", "verbose", "notice", "warning"] as const;

/** Names and values of a table. */
export type Fields = Iterable<readonly [name: string, value: LuaValue]>;

/** What the functions need of their server. */
export interface RedisApiHost {
  readonly log: Pick<ServerLog, "logs" | typeof LEVELS[number]>;
  readonly calls: ScriptCalls;
}

/** What a library sees of it while it is loaded. */
export function loadFields({ log }: RedisApiHost): Fields {
  const [major, minor, patch] = redisVersion.split(".").map(Number);
  return Object.entries({
    log: ofArray((args) => writeLog(log, args)),
    LOG_DEBUG: 0,
    LOG_VERBOSE: 1,
    LOG_NOTICE: 2,
    LOG_WARNING: 3,
    REDIS_VERSION: redisVersion,
    REDIS_VERSION_NUM: major << 16 | minor << 8 | patch,
  });
}

/** What whoever runs sees. */
export function runFields(host: RedisApiHost): Fields {
  const { calls } = host;
  return [
    ...loadFields(host),
    ...Object.entries({
      // Called directly by compiled code, so what they are handed is all there is to a call.
      call: new LuaFunction((_, ...args) => calls.call(args, true), [], undefined, undefined),
      pcall: new LuaFunction((_, ...args) => calls.call(args, false), [], undefined, undefined),
      error_reply: ofArray(errorReply),
      status_reply: ofArray((args) => isOneString(args) ? fieldTable("ok", args[0]) : BAD_REPLY()),
      sha1hex: ofArray(sha1),
      setresp: ofArray((args) => setDialect(calls, args)),
      set_repl: ofArray((args) => setPropagation(calls, args)),
      REPL_NONE: PropagateTo.Nobody,
      REPL_AOF: PropagateTo.File,
      REPL_SLAVE: PropagateTo.Replicas,
      REPL_REPLICA: PropagateTo.Replicas,
      REPL_ALL: PropagateTo.All,
      acl_check_cmd: ofArray((args) => calls.isAllowed(args)),
    }),
  ];
}

/** What only EVAL's scripts see. */
export function evalFields(): Fields {
  return Object.entries({
    breakpoint: ofArray(() => false),
    debug: ofArray(() => NOTHING),
    replicate_commands: ofArray(() => true),
  });
}

function ofArray(run: (args: readonly LuaValue[]) => Results): LuaFunction {
  return new LuaFunction((_, ...args) => run(args), [], undefined, undefined);
}

const BAD_REPLY = () => errorTable("wrong number or type of arguments");

function isOneString(args: readonly LuaValue[]): args is readonly [string] {
  return args.length === 1 && typeof args[0] === "string";
}

function errorReply(args: readonly LuaValue[]): Results {
  if (!isOneString(args)) return BAD_REPLY();
  const text = untilNul(args[0]);
  return errorTable(text.startsWith("-") ? text : `-${text}`);
}

function sha1(args: readonly LuaValue[]): Results {
  if (args.length !== 1) raise("wrong number of arguments");
  return sha1Hex(bytesOfByteString(textOf(args[0]) ?? ""));
}

function writeLog(log: RedisApiHost["log"], args: readonly LuaValue[]): Results {
  if (args.length < 2) raise("redis.log() requires two arguments or more.");
  const number = numberOf(args[0]);
  if (number === undefined) raise("First argument must be a number (log level).");
  const level = LEVELS[Math.trunc(number)];
  if (level === undefined) raise("Invalid debug level.");
  if (log.logs(level)) {
    log[level](args.slice(1).map(textOf).filter((text) => text !== undefined).join(" "));
  }
  return NOTHING;
}

function setDialect({ run }: ScriptCalls, args: readonly LuaValue[]): Results {
  if (args.length !== 1) raise("redis.setresp() requires one argument.");
  const dialect = Math.trunc(numberOf(args[0]) ?? 0);
  if (dialect !== 2 && dialect !== 3) raise("RESP version must be 2 or 3.");
  if (run !== undefined) run.reply.protocol = dialect;
  return NOTHING;
}

function setPropagation({ run }: ScriptCalls, args: readonly LuaValue[]): Results {
  if (args.length !== 1) raise("redis.set_repl() requires one argument.");
  const bits = Math.trunc(numberOf(args[0]) ?? 0);
  if ((bits & ~PropagateTo.All) !== 0) {
    raise("Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
  }
  if (run !== undefined) run.frame.propagatesTo = bits;
  return NOTHING;
}

/** A number, or a string that spells one. */
function numberOf(value: LuaValue): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? parseNumber(value) : undefined;
}

/** A string, or a number as one. */
function textOf(value: LuaValue): ByteString | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? formatNumber(value) : undefined;
}
