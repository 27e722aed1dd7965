/** CLIENT TRACKING, CACHING, GETREDIR and TRACKINGINFO: copies of keys that clients keep. */

import { MAX_QUOTED_BYTES } from "../../../protocol/arguments.ts";
import { ErrorReply, SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import { byteStringOf } from "../../../structures/bytes/byte_string.ts";
import type { HashedBytes } from "../../../structures/key_map.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { Tracker, TrackingOptions } from "../../../server/tracking/tracker.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration, CommandFlag } from "../../registry.ts";

const FLAGS: readonly CommandFlag[] = ["noscript", "loading", "stale"];

const SECOND_REDIRECT = new ErrorReply(
  "ERR A client can only redirect to a single other client",
);
const NO_SUCH_RECEIVER = new ErrorReply(
  "ERR The client ID you want redirect to does not exist",
);
const PREFIX_WITHOUT_BCAST = new ErrorReply(
  "ERR PREFIX option requires BCAST mode to be enabled",
);
const BCAST_SWITCH = new ErrorReply(
  "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then " +
    "re-enabling it with a different mode.",
);
const BCAST_WITH_OPT = new ErrorReply("ERR OPTIN and OPTOUT are not compatible with BCAST");
const BOTH_OPTS = new ErrorReply("ERR You can't specify both OPTIN mode and OPTOUT mode");
const OPT_SWITCH = new ErrorReply(
  "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then " +
    "re-enabling it with a different mode.",
);
const NO_CACHING = new ErrorReply(
  "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT " +
    "mode enabled",
);
const YES_WITHOUT_OPTIN = new ErrorReply(
  "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.",
);
const NO_WITHOUT_OPTOUT = new ErrorReply(
  "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.",
);

export const tracking: CommandDeclaration = {
  name: "tracking",
  arity: -3,
  complexity: "O(1), and O(N) where N is the number of prefixes.",
  group: "connection",
  since: "6.0.0",
  summary: "Has the connection told when keys change of which it may keep copies, or no longer.",
  flags: FLAGS,
  arguments: [
    oneOf("status", ["ON", "OFF"]),
    { name: "client-id", type: "integer", token: "REDIRECT", optional: true },
    {
      name: "prefix",
      type: "string",
      token: "PREFIX",
      optional: true,
      multiple: true,
      multipleToken: true,
    },
    { name: "bcast", type: "pure-token", token: "BCAST", optional: true },
    { name: "optin", type: "pure-token", token: "OPTIN", optional: true },
    { name: "optout", type: "pure-token", token: "OPTOUT", optional: true },
    { name: "noloop", type: "pure-token", token: "NOLOOP", optional: true },
  ],
  run(call) {
    const { args, client, reply, server } = call;
    const prefixesAt: number[] = [];
    const options = optionsOf(call, prefixesAt);
    const tracker = server.tracking.trackerOf(client);
    if (args.is(2, "ON")) {
      if (!options.broadcasts && prefixesAt.length > 0) throw PREFIX_WITHOUT_BCAST;
      checkModes(options, tracker);
      server.tracking.checkPrefixCount(client, prefixesAt.length);
      if (options.broadcasts) checkOverlaps(call, prefixesAt, tracker?.prefixes ?? []);
      server.tracking.enable(client, options, prefixesAt.map((i) => args.copy(i)));
    } else if (args.is(2, "OFF")) {
      if (tracker !== undefined) server.tracking.disable(tracker);
    } else {
      throw SYNTAX_ERROR;
    }
    reply.ok();
  },
};

/** The options of a call. @param prefixesAt gets the arguments that are prefixes */
function optionsOf(call: Call, prefixesAt: number[]): TrackingOptions {
  const { args, count, server } = call;
  const options = {
    broadcasts: false,
    optsIn: false,
    optsOut: false,
    noLoop: false,
    redirect: 0,
  };
  for (let i = 3; i < count; i++) {
    const hasValue = i + 1 < count;
    if (hasValue && args.is(i, "REDIRECT")) {
      if (options.redirect !== 0) throw SECOND_REDIRECT;
      const redirect = call.int64(++i);
      if (server.clients.get(Number(redirect)) === undefined) throw NO_SUCH_RECEIVER;
      options.redirect = Number(redirect);
    } else if (args.is(i, "BCAST")) options.broadcasts = true;
    else if (args.is(i, "OPTIN")) options.optsIn = true;
    else if (args.is(i, "OPTOUT")) options.optsOut = true;
    else if (args.is(i, "NOLOOP")) options.noLoop = true;
    else if (hasValue && args.is(i, "PREFIX")) prefixesAt.push(++i);
    else throw SYNTAX_ERROR;
  }
  return options;
}

/** @throws {ErrorReply} where options exclude each other, or how the client is tracked already */
function checkModes(
  { broadcasts, optsIn, optsOut }: TrackingOptions,
  tracker: Tracker | undefined,
): void {
  const present = tracker?.isOn === true ? tracker.options : undefined;
  if (present !== undefined && present.broadcasts !== broadcasts) throw BCAST_SWITCH;
  if (broadcasts && (optsIn || optsOut)) throw BCAST_WITH_OPT;
  if (optsIn && optsOut) throw BOTH_OPTS;
  if (present === undefined) return;
  if (optsIn && present.optsOut || optsOut && present.optsIn) throw OPT_SWITCH;
}

/**
 * @throws {ErrorReply} where a key could begin with two of the client's prefixes: it would be told of
 *   twice. O(prefixes²), of which there are few.
 */
function checkOverlaps(
  { args }: Call,
  prefixesAt: readonly number[],
  present: readonly HashedBytes[],
): void {
  for (const [n, i] of prefixesAt.entries()) {
    const start = args.start(i);
    const length = args.length(i);
    for (const { bytes, length: otherLength } of present) {
      if (!isEqual(args.bytes, start, bytes, 0, Math.min(length, otherLength))) continue;
      const other = quoted(bytes);
      throw overlap(args.quoted(i), `an existing prefix '${other}'`);
    }
    for (const j of prefixesAt.slice(n + 1)) {
      const common = Math.min(length, args.length(j));
      if (!isEqual(args.bytes, start, args.bytes, args.start(j), common)) continue;
      throw overlap(args.quoted(i), `another provided prefix '${args.quoted(j)}'`);
    }
  }
}

function isEqual(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}

/** As Arguments.quoted does it. */
function quoted(bytes: Uint8Array): string {
  const text = byteStringOf(bytes, 0, Math.min(bytes.length, MAX_QUOTED_BYTES));
  const nul = text.indexOf("\0");
  return nul === -1 ? text : text.slice(0, nul);
}

function overlap(prefix: string, other: string): ErrorReply {
  return new ErrorReply(
    `ERR Prefix '${prefix}' overlaps with ${other}. Prefixes for a single client must not overlap.`,
  );
}

export const caching: CommandDeclaration = {
  name: "caching",
  arity: 3,
  complexity: "O(1)",
  group: "connection",
  since: "6.0.0",
  summary: "Says of the next request whether copies of what it reads are kept.",
  flags: FLAGS,
  arguments: [oneOf("mode", ["YES", "NO"])],
  run({ args, client, reply, server }) {
    const tracker = server.tracking.trackerOf(client);
    if (tracker?.isOn !== true) throw NO_CACHING;
    if (args.is(2, "YES")) {
      if (!tracker.options.optsIn) throw YES_WITHOUT_OPTIN;
    } else if (args.is(2, "NO")) {
      if (!tracker.options.optsOut) throw NO_WITHOUT_OPTOUT;
    } else {
      throw SYNTAX_ERROR;
    }
    tracker.isCachingGiven = true;
    reply.ok();
  },
};

export const getRedir: CommandDeclaration = {
  name: "getredir",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "6.0.0",
  summary: "Answers the number of the client that is told of changed keys in this one's place.",
  flags: FLAGS,
  run: (call) => call.reply.integer(redirectOf(trackerOf(call))),
};

export const trackingInfo: CommandDeclaration = {
  name: "trackinginfo",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "6.2.0",
  summary: "Tells how the connection is told of changed keys.",
  flags: FLAGS,
  run(call) {
    const { reply } = call;
    const tracker = trackerOf(call);
    const states = statesOf(tracker);
    reply.map(3);
    reply.bulk("flags");
    reply.set(states.length);
    for (const state of states) reply.bulk(state);
    reply.bulk("redirect");
    reply.integer(redirectOf(tracker));
    reply.bulk("prefixes");
    const prefixes = tracker?.prefixes ?? [];
    reply.array(prefixes.length);
    for (const { bytes, start, length } of prefixes) reply.bulkBytes(bytes, start, length);
  },
};

/** How the client is tracked, if it is. */
function trackerOf({ client, server }: Call): Tracker | undefined {
  const tracker = server.tracking.trackerOf(client);
  return tracker?.isOn === true ? tracker : undefined;
}

function redirectOf(tracker: Tracker | undefined): number {
  return tracker?.options.redirect ?? -1;
}

function statesOf(tracker: Tracker | undefined): string[] {
  if (tracker === undefined) return ["off"];
  const { isBroken, isCachingGiven, options: { broadcasts, noLoop, optsIn, optsOut } } = tracker;
  const states = ["on"];
  if (broadcasts) states.push("bcast");
  if (optsIn) states.push("optin");
  if (optsIn && isCachingGiven) states.push("caching-yes");
  if (optsOut) states.push("optout");
  if (optsOut && isCachingGiven) states.push("caching-no");
  if (noLoop) states.push("noloop");
  if (isBroken) states.push("broken_redirect");
  return states;
}
