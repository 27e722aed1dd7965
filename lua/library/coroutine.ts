/**
 * The library `coroutine`. `resume` drives the coroutine's frames on the native stack where it stands;
 * `yield` empties that part of it. Where the whole native stack is emptied meanwhile, for a tick or
 * because it is deep, the coroutine's part stays with it, and the resumer leaves a frame that goes on
 * with it:
 *
 * ```
 * main ▸ resume ▸ drive ▸ body ▸ f      yield: f, body ─▶ coroutine.frames; resume answers
 *                                       tick:  f, body ─▶ coroutine.frames; resume ─▶ a ResumeFrame
 * ```
 */

import { builtinOfArray } from "../runtime/builtin.ts";
import { CallFrame } from "../runtime/call_frame.ts";
import { Coroutine } from "../runtime/coroutine.ts";
import type { Frame } from "../runtime/frame.ts";
import { asLuaError, LuaError } from "../runtime/lua_error.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import { type Machine, MAX_BOUNDARIES, SUSPENSION } from "../runtime/machine.ts";
import { isText, toText } from "../runtime/operations.ts";
import { allOf, type LuaValue, NOTHING, type Results } from "../runtime/value.ts";
import { failArgument } from "./arguments.ts";

/** A turn of a coroutine takes about as long as so many steps. */
const COST_OF_TURN = 200;

/** So many arguments always have room on the native stack. */
const FEW = 40;

/** What `resume` and the function of `wrap` make of how a turn ended. */
interface Answers {
  /** What the coroutine yields or returns. */
  readonly results: (results: Results) => Results;
  readonly error: (value: LuaValue) => Results;
}

const OF_RESUME: Answers = {
  results: (results) => [true, ...allOf(results)],
  error: (value) => [false, value],
};

const OF_WRAP: Answers = {
  results: (results) => results,
  error(value) {
    // A text gets the position of who called the function in front, another value nothing.
    throw isText(value) ? new LuaError(toText(value), 1) : new LuaError(value, 0);
  },
};

/** The library as a table. */
export function coroutineLibrary(machine: Machine): LuaTable {
  class ResumeFrame implements Frame {
    constructor(
      readonly self: LuaFunction,
      readonly coroutine: Coroutine,
      readonly answers: Answers,
      /** What the coroutine is given when it goes on; taken then. */
      public values: Results,
    ) {}

    resume(): Results {
      return this.run();
    }

    /** Not called: the coroutine keeps its errors. */
    fail(error: LuaError): Results {
      throw error;
    }

    run(): Results {
      const { coroutine, answers, values } = this;
      this.values = NOTHING;
      machine.coroutine = coroutine;
      let ended: Results;
      try {
        ended = machine.drive(coroutine.frames, values);
      } catch (thrown) {
        if (thrown === SUSPENSION && machine.reason !== "yield") {
          machine.leave(this);
          throw thrown;
        }
        if (thrown === SUSPENSION) {
          this.#leave("suspended");
          return answers.results(machine.takeYielded());
        }
        this.#leave("dead");
        const error = asLuaError(thrown);
        if (error === undefined) throw thrown;
        return answers.error(error.value);
      }
      this.#leave("dead");
      return answers.results(ended);
    }

    #leave(status: "suspended" | "dead"): void {
      const { coroutine } = this;
      coroutine.status = status;
      machine.boundaries--;
      machine.coroutine = coroutine.resumer;
      if (coroutine.resumer !== undefined) coroutine.resumer.status = "running";
      coroutine.resumer = undefined;
    }
  }

  function resume(
    self: LuaFunction,
    coroutine: Coroutine,
    args: readonly LuaValue[],
    answers: Answers,
  ): Results {
    const { status } = coroutine;
    if (status !== "suspended") return answers.error(`cannot resume ${status} coroutine`);
    if (machine.boundaries >= MAX_BOUNDARIES) return answers.error("C stack overflow");
    machine.charge(COST_OF_TURN);
    const resumer = machine.coroutine;
    if (resumer !== undefined) resumer.status = "normal";
    coroutine.resumer = resumer;
    coroutine.status = "running";
    coroutine.boundaries = ++machine.boundaries;
    const frame = new ResumeFrame(self, coroutine, answers, args);
    const { depth } = machine;
    if (args.length > FEW && machine.isCrowdedBy(args.length)) {
      machine.leave(frame);
      machine.suspend("depth");
    }
    machine.depth = depth + 1;
    try {
      return frame.run();
    } finally {
      machine.depth = depth;
    }
  }

  function create(args: readonly LuaValue[]): Coroutine {
    const [body] = args;
    if (!(body instanceof LuaFunction) || body.origin === undefined) {
      failArgument(1, "Lua function expected");
    }
    return new Coroutine(new CallFrame(body));
  }

  const library = new LuaTable();
  library.set("create", builtinOfArray(create));
  library.set(
    "resume",
    new LuaFunction(
      (self, ...args) => resume(self, checkCoroutine(args), args.slice(1), OF_RESUME),
      [],
      undefined,
      undefined,
    ),
  );
  library.set("running", builtinOfArray(() => machine.coroutine));
  library.set("status", builtinOfArray((args) => checkCoroutine(args).status));
  library.set(
    "wrap",
    builtinOfArray((args) => {
      const coroutine = create(args);
      return new LuaFunction(
        (self, ...values) => resume(self, coroutine, values, OF_WRAP),
        [],
        undefined,
        undefined,
      );
    }),
  );
  library.set("yield", builtinOfArray((args) => machine.yield(args)));
  return library;
}

function checkCoroutine(args: readonly LuaValue[]): Coroutine {
  const [coroutine] = args;
  return coroutine instanceof Coroutine ? coroutine : failArgument(1, "coroutine expected");
}
