// Writes random programs that end, and tell by `out(…)` whatever happens in them.
//
// Names have kinds, so that most of what is written works; now and then a name of another kind is taken,
// and the error that comes of it is told like any other result.

import type { SeededRandom } from "../../structures/seeded_random.ts";

export type Kind =
  | "number"
  | "string"
  | "boolean"
  | "table"
  | "list"
  | "function"
  | "object"
  | "any";

interface Variable {
  readonly name: string;
  readonly kind: Kind;
}

/** What a function's body may use. */
interface FunctionScope {
  readonly isVararg: boolean;
  readonly isCoroutine: boolean;
  loops: number;
  locals: number;
}

const FIELDS = ["a", "b", "c", "x"];
const GLOBALS: Variable[] = [
  { name: "g1", kind: "number" },
  { name: "g2", kind: "string" },
  { name: "g3", kind: "table" },
  { name: "g4", kind: "any" },
];
const NUMBERS = ["0", "1", "2", "3", "-1", "10", "0.5", "1e3", "7", "0x10", "100", "-0"];
const STRINGS = [
  '"a"',
  '"xyz"',
  '""',
  '"10"',
  '"hello world"',
  '"a,b,c"',
  "[[p\nq]]",
  '"0x1f"',
  '"\\0z"',
];
/** Lines of a section, or somewhat more. */
const SECTION = 25;
const KINDS: Kind[] = ["number", "number", "string", "boolean", "table", "list", "any", "function"];
const EVENTS = ["add", "sub", "mul", "div", "mod", "pow", "concat"];

export class ProgramWriter {
  readonly #random: SeededRandom;
  readonly #lines: string[] = [];
  readonly #functions: FunctionScope[] = [
    { isVararg: true, isCoroutine: false, loops: 0, locals: 0 },
  ];
  #scope: Variable[] = [];
  #size: number;
  #names = 0;

  constructor(random: SeededRandom, size: number) {
    this.#random = random;
    this.#size = size;
  }

  /** Some sections, each of which an error ends. */
  program(): string {
    while (this.#size > 0) {
      const end = this.#size - SECTION;
      this.#put(`g1, g2, g3, g4 = ${this.#pick(NUMBERS)}, "s", { a = 1, x = { b = 2 } }`);
      this.#put("out(pcall(function(...)");
      while (this.#size > Math.max(0, end)) this.#statement(4);
      this.#put("end, 1, 'two', nil))");
      this.#scope = [];
    }
    return this.#lines.join("\n");
  }

  // Helpers

  #put(line: string): void {
    this.#lines.push(line);
    this.#size--;
  }

  #once(times: number): boolean {
    return this.#random.below(times) === 0;
  }

  #pick<T>(list: readonly T[]): T {
    return this.#random.pick(list);
  }

  get #function(): FunctionScope {
    return this.#functions[this.#functions.length - 1];
  }

  /** An error outside of other functions ends its section: fewer risks are taken there. */
  get #caution(): number {
    return this.#functions.length > 1 ? 9 : 40;
  }

  #newName(): string {
    // Some names come again and hide others.
    return this.#once(6) ? this.#pick(FIELDS) : `v${this.#names++}`;
  }

  #declare(name: string, kind: Kind): void {
    this.#scope.push({ name, kind });
    this.#function.locals++;
  }

  #variable(kind: Kind): string | undefined {
    const wanted = this.#once(this.#caution * 3) ? this.#pick(KINDS) : kind;
    const found: string[] = [];
    for (const each of [...GLOBALS, ...this.#scope]) {
      if (each.kind === wanted || wanted === "any") found.push(each.name);
    }
    if (found.length === 0) return undefined;
    // The newest are the most interesting.
    const at = Math.max(this.#random.below(found.length), this.#random.below(found.length));
    return found[at];
  }

  /** Writes lines with variables that end with them. */
  #block(depth: number, count: number): void {
    const scope = this.#scope.slice();
    for (let n = count; n > 0 && this.#size > 0; n--) this.#statement(depth);
    this.#scope = scope;
  }

  /** What a function with these parameters does, as text; `write` writes its statements. */
  #body(
    parameters: Variable[],
    isVararg: boolean,
    isCoroutine: boolean,
    write: () => void,
  ): string {
    const scope = this.#scope.slice();
    const start = this.#lines.length;
    this.#functions.push({ isVararg, isCoroutine, loops: 0, locals: parameters.length });
    this.#scope.push(...parameters);
    this.#lines.push("fuel()");
    write();
    this.#functions.pop();
    this.#scope = scope;
    return this.#lines.splice(start).join("\n");
  }

  // Expressions

  #list(depth: number, kinds: readonly Kind[]): string {
    return kinds.map((kind) => this.#expression(kind, depth)).join(this.#once(12) ? ",\n" : ", ");
  }

  #kinds(most: number): Kind[] {
    return Array.from({ length: this.#random.below(most + 1) }, () => this.#pick(KINDS));
  }

  #expression(kind: Kind, depth: number): string {
    if (depth > 0 && this.#once(this.#caution)) return this.#mixed(kind, depth - 1);
    switch (kind) {
      case "number":
        return this.#number(depth);
      case "string":
        return this.#string(depth);
      case "boolean":
        return this.#boolean(depth);
      case "table":
        return this.#table(depth);
      case "list":
        return this.#listOf(depth);
      case "function":
        return this.#variable("function") ?? this.#closure(depth);
      case "object":
        return this.#variable("object") ?? this.#object(depth);
      case "any":
        return this.#once(5) ? "nil" : this.#expression(this.#pick(KINDS), depth);
    }
  }

  /** Of a kind only by chance: fields, calls, logic. */
  #mixed(kind: Kind, depth: number): string {
    switch (this.#random.below(9)) {
      case 0:
        return `${this.#prefix(depth)}.${this.#pick(FIELDS)}`;
      case 1:
        return `${this.#prefix(depth)}[ ${this.#expression("any", depth)} ]`;
      case 2:
        return `(${this.#expression("any", depth)} and ${this.#expression(kind, depth)})`;
      case 3:
        return `(${this.#expression("any", depth)} or ${this.#expression(kind, depth)})`;
      case 4:
        return this.#call(depth);
      case 5:
        return `(${this.#call(depth)})`;
      case 6:
        return this.#function.isVararg ? "(...)" : "nil";
      case 7:
        return `select(2, ${this.#list(depth, [kind, kind])})`;
      default:
        return `(${this.#expression("boolean", depth)} and ${this.#expression(kind, depth)} or ${
          this.#expression(kind, depth)
        })`;
    }
  }

  #prefix(depth: number): string {
    const name = this.#variable(this.#pick(["table", "table", "list", "object", "any"])) ?? "g3";
    return depth > 0 && this.#once(3) ? `${name}.${this.#pick(FIELDS)}` : name;
  }

  #number(depth: number): string {
    if (depth <= 0 || this.#once(4)) return this.#variable("number") ?? this.#pick(NUMBERS);
    const within = depth - 1;
    switch (this.#random.below(14)) {
      case 0:
        return this.#pick(NUMBERS);
      case 1:
        return `-${this.#operand(within)}`;
      case 2:
        return `#${this.#expression(this.#pick(["string", "list"]), 0)}`;
      case 3:
        return `${this.#operand(within)} % ${this.#pick(["3", "-4", "2.5", "7"])}`;
      case 4:
        return `${this.#operand(within)} / ${this.#pick(["2", "4", "-8", "0.5"])}`;
      case 5:
        return `${this.#operand(within)} ^ 2`;
      case 6:
        return `math.floor(${this.#number(within)})`;
      case 7:
        return `select("#", ${this.#list(within, [...this.#kinds(2), "any"])})`;
      case 8:
        return `math.max(${this.#list(within, ["number", "number"])})`;
      case 9:
        return `tonumber(${this.#string(within)})`;
      case 10:
        return `(${this.#number(within)})`;
      case 11:
        return `string.len(${this.#string(within)})`;
      default:
        return `${this.#operand(within)} ${this.#pick(["+", "-", "*"])}${
          this.#once(15) ? "\n" : " "
        }${this.#operand(within)}`;
    }
  }

  #operand(depth: number): string {
    const number = this.#number(depth);
    return /^[\w.]+$/.test(number) ? number : `(${number})`;
  }

  #string(depth: number): string {
    if (depth <= 0 || this.#once(4)) return this.#variable("string") ?? this.#pick(STRINGS);
    const within = depth - 1;
    const string = this.#string(within);
    const name = /^\w+$/.test(string) ? string : `(${string})`;
    switch (this.#random.below(13)) {
      case 0:
        return this.#pick(STRINGS);
      case 1:
        return `${name}:sub(${this.#list(within, ["number", "number"])})`;
      case 2:
        return `${name}:rep(${this.#random.below(4)})`;
      case 3:
        return `${name}:upper()`;
      case 4:
        return `text(${this.#expression("any", within)})`;
      case 5:
        return `type(${this.#expression("any", within)})`;
      case 6:
        return `string.format("%s|%d|%5.2f", ${string}, ${this.#random.below(99)}, ${
          this.#number(0)
        })`;
      case 7:
        return `table.concat({${this.#list(within, ["string", "number", "string"])}}, "-")`;
      case 8:
        return `(string.gsub(${string}, "${this.#pick(["%w", "a", "[xyz]+", "(.)(.)", "^."])}", ${
          this.#pick([
            '"<%0>"',
            '{ a = "A", x = 1 }',
            "function(c) if c == 'a' then return 'Q' end end",
          ])
        }))`;
      case 9:
        return `${name}:reverse()`;
      default:
        return `(${string} .. ${this.#expression(this.#pick(["string", "number"]), within)} .. ${
          this.#string(within)
        })`;
    }
  }

  #boolean(depth: number): string {
    if (depth <= 0) return this.#pick(["true", "false"]);
    const within = depth - 1;
    switch (this.#random.below(8)) {
      case 0:
        return `not ${this.#operandOfAny(within)}`;
      case 1:
        return `${this.#operandOfAny(within)} == ${this.#operandOfAny(within)}`;
      case 2:
        return `${this.#operandOfAny(within)} ~= nil`;
      case 3:
        return `${this.#string(0)} ${this.#pick(["<", "<=", ">", ">="])} ${this.#string(0)}`;
      case 4:
        return this.#variable("boolean") ?? "true";
      case 5:
        return `rawequal(${this.#list(within, ["any", "any"])})`;
      default:
        return `${this.#operand(within)} ${this.#pick(["<", "<=", ">", ">=", "==", "~="])} ${
          this.#operand(within)
        }`;
    }
  }

  #operandOfAny(depth: number): string {
    return `(${this.#expression("any", depth)})`;
  }

  #table(depth: number): string {
    if (depth <= 0 || this.#once(3)) return this.#variable("table") ?? "{}";
    const within = depth - 1;
    const items = Array.from({ length: this.#random.below(5) }, () => {
      switch (this.#random.below(5)) {
        case 0:
          return this.#expression("any", within);
        case 1:
          return `[ ${this.#expression(this.#pick(["number", "string"]), within)} ] = ${
            this.#expression("any", within)
          }`;
        default:
          return `${this.#pick(FIELDS)} = ${this.#expression(this.#pick(KINDS), within)}`;
      }
    });
    if (this.#once(6)) items.push(this.#call(within));
    if (this.#function.isVararg && this.#once(6)) items.push("...");
    return `{ ${items.join(this.#once(8) ? "; " : ", ")} }`;
  }

  #listOf(depth: number): string {
    if (depth <= 0 || this.#once(3)) return this.#variable("list") ?? "{ 3, 1, 2 }";
    const length = this.#random.below(5);
    return `{ ${Array.from({ length }, () => this.#pick(NUMBERS)).join(", ")} }`;
  }

  #call(depth: number): string {
    const args = this.#list(depth - 1, this.#kinds(3));
    switch (this.#random.below(8)) {
      case 0:
        return `unpack(${this.#listOf(0)})`;
      case 1:
        return `pcall(${this.#variable("function") ?? "type"}${args === "" ? "" : ", " + args})`;
      case 2:
        return `${this.#prefix(0)}:${this.#pick(["m", "n", ...FIELDS])}(${args})`;
      case 3:
        return `rawget(${this.#table(0)}, "${this.#pick(FIELDS)}")`;
      case 4:
        return `${this.#variable("object") ?? "g4"}(${args})`;
      default:
        return `${this.#variable("function") ?? "text"}(${args})`;
    }
  }

  /** A function as an expression. */
  #closure(depth: number): string {
    const parameters = this.#parameters();
    const isVararg = this.#once(3);
    const body = this.#body(parameters, isVararg, false, () => {
      this.#block(depth - 1, this.#random.below(3));
      this.#return(depth);
    });
    return `function(${this.#parameterList(parameters, isVararg)})\n${body}\nend`;
  }

  #parameters(): Variable[] {
    return Array.from({ length: this.#random.below(3) }, () => ({
      name: this.#newName(),
      kind: this.#pick<Kind>(["number", "any", "string", "table"]),
    }));
  }

  #parameterList(parameters: readonly Variable[], isVararg: boolean): string {
    return [...parameters.map(({ name }) => name), ...(isVararg ? ["..."] : [])].join(", ");
  }

  #return(depth: number): void {
    switch (this.#random.below(6)) {
      case 0:
        return;
      case 1:
        return this.#put(`return ${this.#call(depth)}`);
      case 2:
        if (this.#function.isVararg) return this.#put("return ...");
    }
    this.#put(`return ${this.#list(Math.min(depth, 2), ["any", ...this.#kinds(2)])}`);
  }

  /** A table with metamethods. */
  #object(depth: number): string {
    const within = Math.max(0, depth - 1);
    const handlers: string[] = [];
    const handler = (name: string, parameters: string, text: string) =>
      handlers.push(`__${name} = function(${parameters}) fuel() ${text} end`);
    if (this.#once(2)) {
      if (this.#once(2)) handlers.push(`__index = ${this.#table(within)}`);
      else handler("index", "t, k", `return k, ${this.#number(0)}`);
    }
    if (this.#once(3)) handler("newindex", "t, k, v", `rawset(t, k, v) out("set", k)`);
    if (this.#once(2)) handler("call", "self, ...", `return select("#", ...), ...`);
    for (const event of EVENTS) {
      if (this.#once(3)) handler(event, "a, b", `return "${event}", type(a), type(b)`);
    }
    if (this.#once(3)) handler("unm", "a", `return ${this.#number(0)}`);
    if (this.#once(3)) handler("eq", "a, b", `out("eq") return ${this.#expression("any", 0)}`);
    if (this.#once(2)) handler("lt", "a, b", `return ${this.#expression("any", 0)}`);
    if (this.#once(3)) handler("le", "a, b", `return ${this.#expression("any", 0)}`);
    if (this.#once(3)) handler("tostring", "a", `return ${this.#string(0)}`);
    if (this.#once(8)) handlers.push(`__metatable = "locked"`);
    if (this.#once(8)) handlers.push(`__len = function() return 42 end`);
    return `setmetatable({ a = 1, m = function(self, ...) return self.a, ... end },\n{ ${
      handlers.join(",\n")
    } })`;
  }

  // Statements

  #statement(depth: number): void {
    if (this.#size <= 0) return;
    if (depth <= 0 || this.#function.locals > 100) {
      return this.#put(`out(${this.#list(1, ["any", ...this.#kinds(2)])})`);
    }
    const within = depth - 1;
    switch (this.#random.below(26)) {
      case 0:
      case 1:
      case 2:
        return this.#local(depth);
      case 3:
      case 4:
      case 5:
        return this.#assign(depth);
      case 6:
        return this.#if(within);
      case 7:
        return this.#numericFor(within);
      case 8:
        return this.#while(within);
      case 9:
        return this.#genericFor(within);
      case 10:
      case 11:
        return this.#localFunction(within);
      case 12:
      case 13:
        return this.#protected(within);
      case 14:
        return this.#closuresOfLoop(within);
      case 15: {
        const name = this.#newName();
        this.#put(`local ${name} = ${this.#object(2)}`);
        return this.#declare(name, "object");
      }
      case 16:
        return this.#useObject();
      case 17:
        return this.#coroutine(within);
      case 18:
        return this.#listStatement();
      case 19:
        return this.#method(within);
      case 20:
        return this.#error();
      case 21:
        return this.#leave(within);
      case 22:
        return this.#environment();
      default:
        return this.#put(`out(${this.#list(2, ["any", ...this.#kinds(3)])})`);
    }
  }

  #local(depth: number): void {
    const kinds: Kind[] = [this.#pick(KINDS), ...this.#once(3) ? this.#kinds(2) : []];
    const names = kinds.map(() => this.#newName());
    const values = kinds.slice(0, this.#once(6) ? 1 : kinds.length);
    let list = this.#list(Math.min(depth, 3), values);
    if (this.#once(8)) list += `, ${this.#call(1)}`;
    this.#put(this.#once(12) ? `local ${names.join(", ")}` : `local ${names.join(", ")} = ${list}`);
    names.forEach((name, i) => this.#declare(name, kinds[i]));
  }

  #target(kind: Kind): string {
    switch (this.#random.below(4)) {
      case 0:
        return `${this.#prefix(1)}.${this.#pick(FIELDS)}`;
      case 1:
        return `${this.#prefix(0)}[ ${
          this.#expression(this.#pick(["number", "string", "any"]), 1)
        } ]`;
    }
    return this.#variable(kind) ?? "g4";
  }

  #assign(depth: number): void {
    const kinds: Kind[] = [this.#pick(KINDS), ...this.#once(2) ? this.#kinds(2) : []];
    const targets = kinds.map((kind) => this.#target(kind));
    const values = this.#once(5)
      ? [...kinds, ...this.#kinds(1)]
      : kinds.slice(0, this.#once(5) ? 1 : 9);
    this.#put(`${targets.join(", ")} = ${this.#list(Math.min(depth, 3), values)}`);
  }

  #if(depth: number): void {
    this.#put(`if ${this.#expression(this.#pick(["boolean", "boolean", "any"]), 2)} then`);
    this.#block(depth, 1 + this.#random.below(3));
    while (this.#once(3)) {
      this.#put(`elseif ${this.#boolean(2)} then`);
      this.#block(depth, 1 + this.#random.below(2));
    }
    if (this.#once(2)) {
      this.#put("else");
      this.#block(depth, 1 + this.#random.below(3));
    }
    this.#put("end");
  }

  /** The body of a loop, between `do` and `end`. */
  #loop(depth: number, variables: readonly Variable[]): void {
    const scope = this.#scope.slice();
    this.#scope.push(...variables);
    this.#function.loops++;
    this.#put("fuel()");
    this.#block(depth, 1 + this.#random.below(4));
    this.#function.loops--;
    this.#scope = scope;
  }

  #numericFor(depth: number): void {
    const name = this.#newName();
    const [from, to, step] = this.#pick([
      ["1", "3", ""],
      ["3", "1", ", -1"],
      ["1", "2", ", 0.5"],
      ["0", "-2", ", -1"],
      ["1", "0", ""],
      [this.#number(1), "3", ""],
      ["-1", this.#number(0), ", 2"],
      ["1", '"2"', ""],
    ]);
    this.#put(`for ${name} = ${from}, ${to}${step} do`);
    this.#put("if tired() then break end");
    this.#loop(depth, [{ name, kind: "number" }]);
    this.#put("end");
  }

  #while(depth: number): void {
    const name = this.#newName();
    const isRepeat = this.#once(2);
    this.#put(`local ${name} = 0`);
    this.#declare(name, "any");
    const count = `n${this.#names++}`;
    this.#put(`local ${count} = 0`);
    this.#put(isRepeat ? "repeat" : `while ${count} < ${1 + this.#random.below(4)} do`);
    this.#put(`${count} = ${count} + 1 ${name} = ${count}`);
    if (isRepeat) {
      const done = `d${this.#names++}`;
      this.#put(`local ${done} = ${count} >= ${this.#random.below(4)} or ${this.#boolean(1)}`);
      this.#loop(depth, []);
      this.#put(`until ${done}`);
    } else {
      this.#loop(depth, []);
      this.#put("end");
    }
  }

  #genericFor(depth: number): void {
    const key = this.#newName();
    const value = this.#newName();
    const variables: Variable[] = [{ name: key, kind: "any" }, { name: value, kind: "any" }];
    const source = this.#pick([
      () => `ipairs(${this.#listOf(1)})`,
      () => `string.gmatch(${this.#string(1)}, "${this.#pick(["%a", "(%w)(%w?)", "."])}")`,
      () => `sorted(${this.#table(1)})`,
      () => `next, { ${this.#pick(["5", "a = 5", "[true] = 1", ""])} }`,
      () => `upTo, ${this.#random.below(4)}, 0`,
      () =>
        `coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, ${this.#number(0)}) end end)`,
    ])();
    this.#put(`for ${key}, ${value} in ${source} do`);
    this.#put("if tired() then break end");
    this.#loop(depth, variables);
    this.#put("end");
  }

  #localFunction(depth: number): void {
    const name = this.#newName();
    const parameters = this.#parameters();
    const isVararg = this.#once(3);
    const isRecursive = this.#once(4);
    if (isRecursive) this.#declare(name, "function");
    const body = this.#body(parameters, isVararg, false, () => {
      if (isRecursive && parameters.length > 0) {
        const [{ name: first }] = parameters;
        this.#put(
          `if type(${first}) ~= "number" or ${first} <= 0 or ${first} > 9 then return "end", ${first} end`,
        );
        this.#put(`out(${name}(${first} - 1))`);
      }
      if (isVararg && this.#once(2)) this.#put(`out(select("#", ...), ...)`);
      this.#block(depth, 1 + this.#random.below(4));
      this.#return(2);
    });
    const list = this.#parameterList(parameters, isVararg);
    this.#put(`local function ${name}(${list})\n${body}\nend`);
    if (!isRecursive) this.#declare(name, "function");
    this.#put(`out(pcall(${[name, this.#list(1, this.#kinds(3))].filter(Boolean).join(", ")}))`);
  }

  #protected(depth: number): void {
    const isVararg = this.#once(3);
    const body = this.#body([], isVararg, this.#function.isCoroutine, () => {
      this.#block(depth, 1 + this.#random.below(4));
      this.#return(2);
    });
    const text = `function(${isVararg ? "..." : ""})\n${body}\nend`;
    if (this.#once(4)) {
      const handler = this.#pick([
        "function(e) return type(e), tostring(e) end",
        "function(e) return e, 1 end",
        "function(e) error(e) end",
        "tostring",
        "nil",
      ]);
      this.#put(`out(xpcall(${text}, ${handler}))`);
    } else this.#put(`out(pcall(${text}${isVararg ? ", 1, nil" : ""}))`);
  }

  #closuresOfLoop(depth: number): void {
    const list = this.#newName();
    const each = `i${this.#names++}`;
    const kept = `k${this.#names++}`;
    this.#put(`local ${list} = {}`);
    this.#put(`for ${each} = 1, 3 do local ${kept} = ${each} * ${this.#number(0)}`);
    const body = this.#body(
      [{ name: "d", kind: "any" }, { name: kept, kind: "number" }],
      false,
      false,
      () => {
        this.#put(`${kept} = ${kept} + (d or ${each})`);
        if (this.#once(3)) this.#put(`${each} = ${each} + 1`);
        this.#block(Math.min(depth, 1), 1);
        this.#put(`return ${each}, ${kept}`);
      },
    );
    this.#put(`${list}[#${list} + 1] = function(d)\n${body}\nend`);
    if (this.#once(3)) this.#put(`if ${this.#boolean(1)} then break end`);
    this.#put("end");
    this.#put(
      `for i = 1, #${list} do out(pcall(${list}[i])) out(pcall(${list}[i], ${
        this.#number(1)
      })) end`,
    );
    this.#put(`out(pcall(${list}[1]))`);
  }

  #useObject(): void {
    const a = this.#variable("object");
    if (a === undefined) return this.#put(`out(g3.x, g4)`);
    const b = this.#once(3) ? this.#number(0) : this.#variable("object") ?? a;
    const use = this.#pick([
      `${a} + ${b}`,
      `${b} - ${a}`,
      `${a} * ${b}`,
      `${a} .. ${b}`,
      `${b} .. ${a} .. "z"`,
      `${a} == ${b}`,
      `${a} ~= ${b}`,
      `${a} < ${b}`,
      `${a} <= ${b}`,
      `${a} > ${b}`,
      `-${a}`,
      `#${a}`,
      `${a}(${b}, 2)`,
      `${a}:m(${b})`,
      `${a}.zz`,
      `${a}[${b}]`,
      `tostring(${a}) == tostring(${b})`,
      `getmetatable(${a}) == "locked"`,
      `rawget(${a}, "a")`,
      `${a} % ${b} ^ ${a}`,
    ]);
    this.#put(`out(pcall(function() return ${use} end))`);
    if (this.#once(3)) {
      this.#put(`out(pcall(function() ${a}.${this.#pick(FIELDS)} = ${this.#number(0)} end))`);
    }
  }

  #coroutine(depth: number): void {
    const name = this.#newName();
    const isWrap = this.#once(3);
    const body = this.#body([{ name: "p", kind: "any" }], true, true, () => {
      for (let n = 1 + this.#random.below(3); n > 0; n--) {
        const received = this.#newName();
        this.#put(
          this.#pick([
            `local ${received} = coroutine.yield(${this.#list(1, this.#kinds(2))})`,
            `local ${received} = (${this.#number(0)}) + (coroutine.yield() or 0)`,
            `local ${received} = { coroutine.yield(1), coroutine.yield(...) }`,
            `local ${received} = pcall(coroutine.yield, 1)`,
            `local ${received} = ("ab"):gsub(".", coroutine.yield)`,
            `local ${received} = coroutine.wrap(function(...) return coroutine.yield(...) end)(7)`,
            `for ${received} = 1, 3 do coroutine.yield(${received}, p) end local ${received}`,
            `if coroutine.yield("if") then out("yes") end local ${received} = p`,
          ]),
        );
        this.#declare(received, "any");
        this.#block(Math.min(depth, 2), this.#random.below(2));
      }
      this.#return(1);
    });
    this.#put(
      `local ${name} = coroutine.${isWrap ? "wrap" : "create"}(function(p, ...)\n${body}\nend)`,
    );
    const resumes = 1 + this.#random.below(5);
    for (let i = 0; i < resumes; i++) {
      const args = this.#list(1, this.#kinds(2));
      this.#put(
        isWrap
          ? `out(pcall(${name}${args === "" ? "" : ", " + args}))`
          : `out(coroutine.resume(${name}${args === "" ? "" : ", " + args}))`,
      );
    }
    if (isWrap) this.#declare(name, "function");
    else {
      this.#put(`out(coroutine.status(${name}))`);
      this.#declare(name, "any");
    }
  }

  #listStatement(): void {
    const list = this.#variable("list");
    if (list === undefined) return this.#local(2);
    this.#put(
      this.#pick([
        `table.insert(${list}, ${this.#pick(NUMBERS)})`,
        `table.insert(${list}, 1, ${this.#pick(NUMBERS)})`,
        `out(table.remove(${list}))`,
        `out(table.remove(${list}, 1))`,
        `table.sort(${list}) out(${list})`,
        `table.sort(${list}, function(a, b) fuel() return a > b end) out(${list})`,
        `out(table.concat(${list}, ","))`,
        `${list}[#${list} + 1] = ${this.#pick(NUMBERS)}`,
        `out(#${list}, unpack(${list}))`,
        `out(unpack(${list}, 1, ${this.#random.below(4)}))`,
      ]),
    );
  }

  #method(depth: number): void {
    const table = this.#variable("table") ?? "g3";
    const parameters = this.#parameters();
    const isVararg = this.#once(3);
    const body = this.#body(
      [{ name: "self", kind: "table" }, ...parameters],
      isVararg,
      false,
      () => {
        this.#block(depth, 1 + this.#random.below(2));
        this.#return(2);
      },
    );
    const name = this.#pick(["m", "n"]);
    const list = this.#parameterList(parameters, isVararg);
    this.#put(`function ${table}:${name}(${list})\n${body}\nend`);
    this.#put(`out(${table}:${name}(${this.#list(1, this.#kinds(2))}))`);
  }

  #error(): void {
    const isFree = this.#once(6);
    // The function around it has no arguments.
    if (!isFree) this.#functions.push({ ...this.#function, isVararg: false });
    const level = this.#pick(["", ", 0", ", 1", ", 2", ", 3"]);
    const value = this.#pick([
      () => this.#string(1),
      () => this.#table(1),
      () => this.#expression("any", 1),
    ])();
    const raise = this.#pick([
      `error(${value}${level})`,
      `assert(${this.#expression("any", 1)}, ${value})`,
      `assert(${this.#boolean(1)})`,
      `local x = ${this.#pick(["nil", "g4", "g3.zz", "g3.x.zz"])} + 1`,
      `g3.x.zz.y = 1`,
      `g3.nope()`,
      `g3:nope()`,
      `nope(1)`,
      `local t = {} t[nil] = 1`,
      `return {} < {}, 1`,
      `return g2 < g1`,
      `local s = "x" .. {}`,
      `return #g1`,
      `return ("x"):bad()`,
      `return -{}`,
      `for i = 1, {} do end`,
      `for k in 5 do end`,
      `string.rep()`,
      `("x"):rep({})`,
      `setmetatable(1, {})`,
      `ipairs()`,
    ]);
    if (!isFree) this.#functions.pop();
    this.#put(
      isFree
        ? `if ${this.#boolean(1)} then ${raise} end`
        : `out(pcall(function() local function inner() ${raise} end ${
          this.#pick([
            "inner()",
            "return inner()",
            "local r = inner() return r",
            "return (inner())",
          ])
        } end))`,
    );
  }

  /** `break` or `return` in the middle. */
  #leave(depth: number): void {
    const { loops } = this.#function;
    if (loops > 0 && this.#once(2)) this.#put(`if ${this.#boolean(1)} then break end`);
    else if (this.#functions.length > 1) {
      this.#put(`if ${this.#boolean(1)} then return ${this.#list(1, this.#kinds(2))} end`);
    } else {
      this.#put("do");
      this.#block(depth, 2);
      this.#put("end");
    }
  }

  #environment(): void {
    this.#put(
      this.#pick([
        `out(pcall(setfenv(function() g1 = 5 return g1, g2, out end, { g2 = 7 })))`,
        `out(getfenv(1) == getfenv(out), getfenv(1).g1 == g1)`,
        `out(pcall(loadstring("return ${
          this.#pick(["1 + 1", "...", "nope.x", "f("])
        }", "=c") or type, 3))`,
        `out(loadstring("x = = 1", "=c"))`,
        `out(pcall(loadstring("local a = ... return a.b.c", "=c"), ${this.#table(1)}))`,
        `out(rawequal(g3, g3), next({}), type(next), select(-1, 1, 2))`,
        `out(pcall(select, 0)) out(pcall(next, {}, 1)) out(tostring(nil), tostring(1e15), 2 ^ 53, 1e100)`,
        `out(tonumber("0x1p3"), tonumber("  12  "), tonumber("1e"), tonumber("z", 36), 10 .. "")`,
        `out(string.find(g2, "s", 1, true), ("abc"):byte(1, -1), ("%d"):format(3.7))`,
        `out(#arg0(1, 2), arg0(1, nil, 3).n)`,
      ]),
    );
  }
}
