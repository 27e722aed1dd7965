// Random texts: programs by Lua's grammar, and such with faults in them.

import type { SeededRandom } from "../../structures/seeded_random.ts";

const NAMES = ["a", "b", "c", "x", "y", "arg", "self", "goto", "i"];
const STRINGS = [
  '"a"',
  "'b\\n'",
  "[[x]]",
  "[=[\n]]y]=]",
  '"\\65\\z\\xff"',
  "'a\\\nb'",
  "[[a\r\nb]]",
];
const NUMBERS = ["0", "-0", "1", "2.5", "0x10", "1e3", ".5", "3."];
const OPERATORS = "+ - * / % ^ .. .. == ~= < <= > >= and or and or".split(
  " ",
);
/** What a fault puts in. */
const ODD = [
  ..."end ( ) then = == ... break return local function and nil 1 's' [ ] { } , ; : . .. ~ $ 3x 0x"
    .split(" "),
  ..."until do else elseif for in while not # @ '\\300' \x01 \xe9 \0 \x7f".split(" "),
  '"abc',
  "[==[",
  "[=x",
  "--[[",
  "--[[ [[ ]]",
  "[[ [[ ]]",
];

/** True once in `times`. */
function once(random: SeededRandom, times: number): boolean {
  return random.below(times) === 0;
}

/** Writes the tokens of one program. */
class Writer {
  readonly tokens: string[] = [];
  readonly #random: SeededRandom;
  #size: number;
  #loops = 0;
  #mayUseDots = true;

  constructor(random: SeededRandom, size: number) {
    this.#random = random;
    this.#size = size;
  }

  block(depth: number, length = 1 + this.#random.below(4)): void {
    const random = this.#random;
    for (let n = length; n > 0 && this.#size > 0; n--) {
      this.#statement(depth);
      if (once(random, 4)) this.#put(";");
    }
    if (!once(random, 8)) return;
    if (!once(random, 3)) {
      this.#put("return");
      if (!once(random, 4)) this.#list(() => this.#expression(depth));
    } else if (this.#loops > 0 || once(random, 20)) this.#put("break");
    else return;
    if (once(random, 3)) this.#put(";");
  }

  #put(...tokens: string[]): void {
    this.tokens.push(...tokens);
    this.#size -= tokens.length;
  }

  #name(): void {
    this.#put(this.#random.pick(NAMES));
  }

  #list(write: () => void): void {
    write();
    for (let n = this.#random.below(3); n > 0; n--) {
      this.#put(",");
      write();
    }
  }

  #expressions(depth: number): void {
    this.#list(() => this.#expression(depth));
  }

  #statement(depth: number): void {
    const random = this.#random;
    if (depth <= 0) {
      this.#put("local");
      return this.#name();
    }
    const within = depth - 1;
    switch (random.below(14)) {
      case 0:
        this.#put("local");
        this.#list(() => this.#name());
        if (once(random, 3)) return;
        this.#put("=");
        return this.#expressions(within);
      case 1:
        return this.#if(within);
      case 2:
        this.#put("while");
        this.#expression(within);
        return this.#loop(within);
      case 3:
        this.#put("repeat");
        this.#loops++;
        this.block(within);
        this.#loops--;
        this.#put("until");
        return this.#expression(within);
      case 4:
        this.#put("for");
        this.#name();
        this.#put("=");
        this.#expression(within);
        this.#put(",");
        this.#expression(within);
        if (once(random, 2)) {
          this.#put(",");
          this.#expression(within);
        }
        return this.#loop(within);
      case 5:
        this.#put("for");
        this.#list(() => this.#name());
        this.#put("in");
        this.#expressions(within);
        return this.#loop(within);
      case 6:
        this.#put("function");
        this.#name();
        while (once(random, 3)) {
          this.#put(".");
          this.#name();
        }
        if (once(random, 3)) {
          this.#put(":");
          this.#name();
        }
        return this.#body(within);
      case 7:
        this.#put("local", "function");
        this.#name();
        return this.#body(within);
      case 8:
        this.#put("do");
        this.block(within);
        return this.#put("end");
      case 9:
      case 10:
        return this.#call(within);
      default:
        this.#list(() => this.#target(within));
        this.#put("=");
        return this.#expressions(within);
    }
  }

  #if(depth: number): void {
    this.#put("if");
    this.#expression(depth);
    this.#put("then");
    this.block(depth);
    while (once(this.#random, 3)) {
      this.#put("elseif");
      this.#expression(depth);
      this.#put("then");
      this.block(depth);
    }
    if (once(this.#random, 2)) {
      this.#put("else");
      this.block(depth);
    }
    this.#put("end");
  }

  #loop(depth: number): void {
    this.#put("do");
    this.#loops++;
    this.block(depth);
    this.#loops--;
    this.#put("end");
  }

  #body(depth: number): void {
    const random = this.#random;
    const loops = this.#loops;
    const mayUseDots = this.#mayUseDots;
    const dots = once(random, 3);
    this.#put("(");
    if (once(random, 2)) {
      this.#list(() => this.#name());
      if (dots) this.#put(",", "...");
    } else if (dots) this.#put("...");
    this.#put(")");
    this.#loops = 0;
    this.#mayUseDots = dots;
    this.block(depth);
    this.#put("end");
    this.#loops = loops;
    this.#mayUseDots = mayUseDots;
  }

  #target(depth: number): void {
    if (once(this.#random, 2)) return this.#name();
    this.#prefix(depth);
    this.#index(depth);
  }

  #index(depth: number): void {
    if (once(this.#random, 2)) {
      this.#put(".");
      return this.#name();
    }
    this.#put("[");
    this.#expression(depth - 1);
    this.#put("]");
  }

  #call(depth: number): void {
    this.#prefix(depth);
    if (once(this.#random, 3)) {
      this.#put(":");
      this.#name();
    }
    switch (this.#random.below(5)) {
      case 0:
        return this.#put(this.#random.pick(STRINGS));
      case 1:
        return this.#table(depth - 1);
    }
    this.#put("(");
    if (!once(this.#random, 3)) this.#expressions(depth - 1);
    this.#put(")");
  }

  #prefix(depth: number): void {
    if (depth <= 0 || once(this.#random, 2)) return this.#name();
    switch (this.#random.below(4)) {
      case 0:
        this.#put("(");
        this.#expression(depth - 1);
        return this.#put(")");
      case 1:
        return this.#call(depth - 1);
    }
    this.#prefix(depth - 1);
    this.#index(depth - 1);
  }

  #table(depth: number): void {
    const random = this.#random;
    this.#put("{");
    for (let n = random.below(4); n > 0; n--) {
      if (once(random, 3)) {
        this.#name();
        this.#put("=");
      } else if (once(random, 2)) {
        this.#put("[");
        this.#expression(depth - 1);
        this.#put("]", "=");
      }
      this.#expression(depth - 1);
      if (n > 1 || once(random, 3)) this.#put(random.pick([",", ";"]));
    }
    this.#put("}");
  }

  #expression(depth: number): void {
    const random = this.#random;
    if (depth <= 0 || this.#size <= 0) {
      switch (random.below(5)) {
        case 0:
          return this.#put(random.pick(["nil", "true", "false"]));
        case 1:
          return this.#put(random.pick(NUMBERS));
        case 2:
          return this.#put(random.pick(STRINGS));
      }
      return this.#name();
    }
    const within = depth - 1;
    switch (random.below(12)) {
      case 0:
        this.#put("function");
        return this.#body(within);
      case 1:
        return this.#table(within);
      case 2:
        return this.#mayUseDots || once(random, 30) ? this.#put("...") : this.#name();
      case 3:
        this.#put(random.pick(["-", "not", "#"]));
        return this.#expression(within);
      case 4:
      case 5:
      case 6:
      case 7:
        this.#expression(within);
        this.#put(random.pick(OPERATORS));
        return this.#expression(within);
      case 8:
        return this.#call(within);
    }
    this.#prefix(depth);
  }
}

/** The tokens of a program that follows the grammar. */
export function randomProgram(random: SeededRandom): string[] {
  const writer = new Writer(random, 20 + random.below(200));
  writer.block(1 + random.below(6), 1 + random.below(5));
  return writer.tokens.length > 0 ? writer.tokens : ["x"];
}

/** The same with one or two faults. */
export function withFaults(random: SeededRandom, tokens: readonly string[]): string[] {
  const faulty = tokens.slice();
  for (let n = 1 + random.below(2); n > 0; n--) {
    const at = random.below(faulty.length);
    switch (random.below(5)) {
      case 0:
        faulty.splice(at, 1);
        break;
      case 1:
        faulty.splice(at, 0, random.pick(ODD));
        break;
      case 2:
        faulty[at] = random.pick(ODD);
        break;
      case 3:
        faulty.splice(at, 0, random.pick(faulty));
        break;
      case 4:
        faulty.length = at + 1;
        break;
    }
    if (faulty.length === 0) faulty.push("x");
  }
  return faulty;
}

/** Tokens as a text, with newlines and comments here and there. */
export function textOf(random: SeededRandom, tokens: readonly string[]): string {
  const breaks = random.pick([0, 1, 3]);
  let text = "";
  for (const token of tokens) {
    text += random.below(10) < breaks
      ? random.pick(["\n", "\n", "\r\n", " \n\n", "--c\n", "--[[ x\n ]]"])
      : " ";
    text += token;
  }
  return text;
}
