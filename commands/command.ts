/**
 * A registered command: its declaration, and what is asked of it at every call as plain fields. Every
 * command has all of them, in one order, so that the code that runs commands sees objects of one
 * shape.
 */

import { MemberPrefetch } from "./members/collection_prefetch.ts";
import type { Call } from "../server/execution/call.ts";
import type {
  ExecutableCommand,
  Prefetch,
  SensitiveArguments,
} from "../server/execution/command_table.ts";
import { CallEffect } from "../server/execution/call_effects.ts";
import { Condition } from "../server/execution/condition.ts";
import type { KeySearch, KeySpec } from "../server/execution/key_spec.ts";
import { aclCategoryBits } from "./acl_categories.ts";
import type { AnyDeclaration } from "./declaration.ts";
import { hasMovableKeys, likelyKeysOf } from "./key_range.ts";

/**
 * Complexities of commands that are quick: what each argument costs is constant or logarithmic, and
 * beside that they cost what they write into the reply.
 */
const QUICK =
  /^O\((1|log\(N\)|log N)\)(?!.*O\()|^O\(N\) with N keys$|(popped|taken|answered|returned)$/;

let nextId = 0;

export class Command implements ExecutableCommand {
  readonly id: number;
  readonly fullName: string;
  readonly nameBytes: Uint8Array;
  readonly run: ((this: void, call: Call) => void) | undefined;
  readonly prefetch: Prefetch | undefined;
  readonly subcommands: readonly Command[];
  readonly arity: number;
  readonly keySpecs: readonly KeySpec[];
  readonly keySearch: KeySearch | undefined;
  readonly firstKey: number;
  readonly lastKey: number;
  readonly keyStep: number;
  readonly hasManyKeys: boolean;
  readonly conditions: number;
  readonly effects: number;
  readonly categories: number;
  readonly effectsOfCall: ((this: void, call: Call) => number) | undefined;
  readonly isWrite: boolean;
  readonly isReadOnly: boolean;
  readonly isAdmin: boolean;
  readonly isPubSub: boolean;
  readonly isBlocking: boolean;
  readonly deniesOom: boolean;
  readonly deniesScripts: boolean;
  readonly deniesMulti: boolean;
  readonly deniesAsyncLoading: boolean;
  readonly allowsNoAuth: boolean;
  readonly allowsLoading: boolean;
  readonly allowsStale: boolean;
  readonly allowsBusy: boolean;
  readonly impliesAsking: boolean;
  readonly mayReplicate: boolean;
  readonly skipsMonitor: boolean;
  readonly skipsSlowLog: boolean;
  readonly isFast: boolean;
  readonly isQuick: boolean;
  readonly isTimedInRuns: boolean;
  readonly sensitive: SensitiveArguments | undefined;
  readonly hasMovableKeys: boolean;
  readonly hasOptionalKeys: boolean;
  readonly touchesArbitraryKeys: boolean;

  /** Of a declaration that was checked, with commands of its own for the subcommands. */
  constructor(readonly declaration: AnyDeclaration, readonly parent: Command | undefined) {
    const flags = new Set(declaration.flags);
    this.id = nextId++;
    this.fullName = parent ? `${parent.fullName}|${declaration.name}` : declaration.name;
    this.nameBytes = new TextEncoder().encode(declaration.name);
    this.run = declaration.run;
    const { members, prefetch } = declaration;
    this.prefetch = prefetch ?? (members === undefined ? undefined : new MemberPrefetch(members));
    this.arity = declaration.arity;
    this.keySpecs = declaration.keys === undefined ? [] : [declaration.keys].flat();
    this.keySearch = declaration.keySearch;
    const { first, last, step } = likelyKeysOf(this.keySpecs);
    this.firstKey = first;
    this.lastKey = last;
    this.keyStep = step;
    this.hasManyKeys = last < 0 || last > first + step;
    this.conditions = flags.has("protected") ? Condition.Protected : 0;
    this.effects = (flags.has("write") ? CallEffect.Writes : 0) |
      (flags.has("denyoom") ? CallEffect.NeedsMemory : 0) |
      (flags.has("may_replicate") ? CallEffect.MayReplicate : 0);
    this.effectsOfCall = declaration.effectsOfCall;
    this.categories = aclCategoryBits(declaration);
    this.isWrite = flags.has("write");
    this.isReadOnly = flags.has("readonly");
    this.isAdmin = flags.has("admin");
    this.isPubSub = flags.has("pubsub");
    this.isBlocking = flags.has("blocking");
    this.deniesOom = flags.has("denyoom");
    this.deniesScripts = flags.has("noscript");
    this.deniesMulti = flags.has("no_multi");
    this.deniesAsyncLoading = flags.has("no_async_loading");
    this.allowsNoAuth = flags.has("no_auth");
    this.allowsLoading = flags.has("loading");
    this.allowsStale = flags.has("stale");
    this.allowsBusy = flags.has("allow_busy");
    this.impliesAsking = flags.has("asking");
    this.mayReplicate = flags.has("may_replicate");
    this.skipsMonitor = flags.has("skip_monitor");
    this.skipsSlowLog = flags.has("skip_slowlog");
    this.isFast = flags.has("fast");
    this.isQuick = QUICK.test(declaration.complexity);
    this.isTimedInRuns = this.isQuick || declaration.tellsLongCalls === true;
    this.sensitive = declaration.sensitive;
    this.hasMovableKeys = hasMovableKeys(this.keySpecs);
    this.hasOptionalKeys = flags.has("no_mandatory_keys");
    this.touchesArbitraryKeys = flags.has("touches_arbitrary_keys");
    this.subcommands = (declaration.subcommands ?? []).map((sub) => new Command(sub, this));
  }

  acceptsCount(count: number): boolean {
    return this.arity >= 0 ? count === this.arity : count >= -this.arity;
  }

  subcommand(bytes: Uint8Array, start: number, length: number): Command | undefined {
    for (let i = 0; i < this.subcommands.length; i++) {
      if (this.subcommands[i].isNamed(bytes, start, length)) return this.subcommands[i];
    }
    return undefined;
  }

  /** Whether those bytes are its name, in any case. */
  isNamed(bytes: Uint8Array, start: number, length: number): boolean {
    const name = this.nameBytes;
    if (name.length !== length) return false;
    for (let i = 0; i < length; i++) {
      let byte = bytes[start + i];
      if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      if (byte !== name[i]) return false;
    }
    return true;
  }
}
