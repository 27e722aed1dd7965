// Calls of library functions, made here, in lua5.1 and in redis-server, with comparable answers.

import { Abort, asLuaError } from "../../../lua/runtime/lua_error.ts";
import { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import type { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { Machine, Suspended } from "../../../lua/runtime/machine.ts";
import { allOf, type LuaValue } from "../../../lua/runtime/value.ts";
import { Peer } from "../../harness/peer.ts";
import { runLua } from "./lua_reference.ts";
import { SHOW, shown, sourceOf, type TestValue } from "./lua_values.ts";

/** A function of a library, such as `string.rep`, and what it is given. */
export interface LibraryCall {
  readonly name: string;
  readonly args: readonly TestValue[];
}

/** Calls of one function, each with a list of arguments. */
export function calls(name: string, ...lists: (readonly TestValue[])[]): LibraryCall[] {
  return lists.map((args) => ({ name, args }));
}

/** A machine whose host never asks it to stop. */
export function patientMachine(): Machine {
  return new Machine({ turn: () => "continue" });
}

/** A machine that is stopped each time that its host is asked, and how often that was. */
export function restlessMachine(): { machine: Machine; turns: () => number } {
  let turns = 0;
  const machine = new Machine({
    budget: 100,
    turn() {
      turns++;
      return "suspend";
    },
  });
  return { machine, turns: () => turns };
}

/** Calls a function that takes for ever, stops it again and again, and ends it; fails where it ends. */
export function assertCanBeEnded(
  open: (machine: Machine) => LuaTable,
  name: string,
  args: readonly LuaValue[],
): void {
  let turns = 0;
  const machine = new Machine({
    turn() {
      if (++turns > 50) throw new Abort("killed");
      return "suspend";
    },
  });
  try {
    callToEnd(machine, functionOf(open(machine), name), args);
  } catch (error) {
    if (error instanceof Abort && turns === 51) return;
    throw error;
  }
  throw new Error(`${name} came to an end`);
}

/** Calls a function to its end, however often it stops; its results. */
export function callToEnd(
  machine: Machine,
  callee: LuaFunction,
  args: readonly LuaValue[],
): readonly LuaValue[] {
  let results = machine.start(callee, args);
  while (results instanceof Suspended) results = machine.continue(results);
  return allOf(results);
}

/** What a call answers, as `show(pcall(…))` tells it. */
export function answerOf(machine: Machine, callee: LuaFunction, args: readonly LuaValue[]): string {
  try {
    return ["true", ...callToEnd(machine, callee, args).map(shown)].join("\t");
  } catch (thrown) {
    const error = asLuaError(thrown);
    if (error === undefined) throw thrown;
    return `false\t${shown(error.value)}`;
  }
}

/** A library's function, by a name such as `string.rep`. */
export function functionOf(library: LuaTable, name: string): LuaFunction {
  const value = library.get(name.slice(name.indexOf(".") + 1));
  if (!(value instanceof LuaFunction)) throw new Error(`no function ${name}`);
  return value;
}

function shownCall({ name, args }: LibraryCall): string {
  return `show(pcall(${[name, ...args.map(sourceOf)].join(", ")}))`;
}

/** What lua5.1 answers to each of many calls. */
export async function answersOfLua(calls: readonly LibraryCall[]): Promise<string[]> {
  return await runLua(SHOW + calls.map((call) => `print(${shownCall(call)})`).join("\n"));
}

/** Calls that a script makes. */
const BATCH = 200;

/** What a redis-server answers to each of many calls. */
export async function answersOfRedis(
  port: number,
  calls: readonly LibraryCall[],
): Promise<string[]> {
  using peer = await Peer.connect(port);
  const answers: string[] = [];
  for (let from = 0; from < calls.length; from += BATCH) {
    const batch = calls.slice(from, from + BATCH);
    const lines = batch.map((call) => `out[#out + 1] = ${shownCall(call)}`);
    const script = `${SHOW}\nlocal out = {}\n${lines.join("\n")}\nreturn table.concat(out, "\\n")`;
    const reply = await peer.ask("EVAL", script, "0");
    const texts = reply.slice(reply.indexOf("\r\n") + 2, -2).split("\n");
    if (texts.length !== batch.length) throw new Error(reply);
    answers.push(...texts);
  }
  return answers;
}

/** Compares answers; fails with those that differ. */
export function compareAnswers(
  calls: readonly LibraryCall[],
  ours: readonly string[],
  theirs: readonly string[],
): void {
  const different = calls.flatMap(({ name, args }, i) =>
    ours[i] === theirs[i]
      ? []
      : [`${name}(${args.map(sourceOf).join(", ")})\n  theirs ${theirs[i]}\n  ours   ${ours[i]}`]
  );
  if (different.length > 0) {
    throw new Error(`${different.length} differ\n${different.slice(0, 9).join("\n")}`);
  }
}
