// Random Lua programs that end, mostly without an error: made of a tape of decisions, so that fast-check
// can make a failing one smaller. What an exhausted tape decides is the simplest.

type Type = "number" | "string" | "boolean" | "table" | "function";

interface Variable {
  readonly name: string;
  readonly type: Type;
}

/** At most so many statements and calls deep in each other. */
const MAX_DEPTH = 4;

/** A program that returns a text, of all that its parts have told. */
export function randomProgram(tape: readonly number[]): string {
  return new Generator(tape).program();
}

class Generator {
  readonly #tape: readonly number[];
  #at = 0;
  #names = 0;
  #scopes: Variable[][] = [[]];
  #depth = 0;
  #isVararg = true;
  #loops = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  program(): string {
    const body = this.#block(12);
    return `local told, steps = {}, 0
local function show(v) if type(v) == "number" or type(v) == "string" or type(v) == "boolean" then return tostring(v) end return type(v) end
local function tell(...) if #told > 200 then error("told enough", 0) end for i = 1, select("#", ...) do told[#told + 1] = show((select(i, ...))) end return ... end
local function step() steps = steps + 1 if steps > 400 then error("stepped enough", 0) end end
local function try(f, ...) tell(pcall(f, ...)) end
pcall(tell, pcall(function(...)
${body}
end, 1, "two", nil, 4))
return table.concat(told, " ")`;
  }

  /** A number below n. */
  #pick(n: number): number {
    return (this.#tape[this.#at++] ?? 0) % n;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#pick(choices.length)];
  }

  #block(most: number): string {
    this.#scopes.push([]);
    this.#depth++;
    const lines: string[] = [];
    const count = this.#pick(most) + (this.#depth === 2 ? 4 : 1);
    for (let i = 0; i < count; i++) lines.push(this.#statement());
    this.#depth--;
    this.#scopes.pop();
    return lines.join("\n");
  }

  #declare(type: Type): string {
    const name = `${type[0]}${++this.#names}`;
    this.#scopes[this.#scopes.length - 1].push({ name, type });
    return name;
  }

  #variable(type: Type): string | undefined {
    const known = this.#scopes.flat().filter((variable) => variable.type === type);
    return known.length === 0 ? undefined : this.#one(known).name;
  }

  #statement(): string {
    const simple = this.#depth >= MAX_DEPTH;
    switch (this.#pick(simple ? 7 : 17)) {
      case 0:
        return `tell(${this.#expressions()})`;
      case 1: {
        const type = this.#type();
        const value = this.#expression(type);
        return `local ${this.#declare(type)} = ${value}`;
      }
      case 2: {
        const [a, b] = [this.#type(), this.#type()];
        const values = `${this.#expression(a)}, ${this.#expression(b)}`;
        return `local ${this.#declare(a)}, ${this.#declare(b)} = ${values}`;
      }
      case 3: {
        const type = this.#type();
        const target = this.#variable(type);
        return target === undefined ? "" : `${target} = ${this.#expression(type)}`;
      }
      case 4: {
        const [a, b] = [this.#variable("number"), this.#variable("number")];
        const t = this.#variable("table") ?? "{}";
        if (a === undefined || b === undefined || t === "{}") return `tell(${this.#expressions()})`;
        return `${a}, ${t}[${b}], ${t}.x, ${b} = ${this.#expressions()}, ${
          this.#expression("number")
        }, ${this.#expression("number")}, ${this.#expression("number")}`;
      }
      case 5: {
        const t = this.#variable("table");
        return t === undefined
          ? `tell(${this.#expressions()})`
          : `${t}.${this.#one(["x", "y", "z"])} = ${this.#expression(this.#type())}`;
      }
      case 6:
        return this.#loops > 0 && this.#pick(3) === 0
          ? `if ${this.#expression("boolean")} then break end`
          : `step() tell(${this.#call()})`;
      case 7:
        return `if ${this.#expression("boolean")} then\n${this.#block(3)}\nelseif ${
          this.#expression("boolean")
        } then\n${this.#block(3)}\nelse\n${this.#block(3)}\nend`;
      case 8:
        return `if ${this.#expression("boolean")} then\n${this.#block(4)}\nend`;
      case 9:
      case 10: {
        const head = this.#one(["1, 3", "3, 1, -1", "0, 1, 0.25", "1, 0", "-1, 1"]);
        return this.#loop((name) => `for ${name} = ${head} do`, "number");
      }
      case 11: {
        // Of keys that are names, the order is another one than Lua's.
        const list = this.#one([
          `ipairs(${this.#expression("table")})`,
          "pairs({7, 8})",
          "next, {5}",
        ]);
        return this.#loop((name) => `for ${name}, v in ${list} do step()`, "number");
      }
      case 12: {
        const counter = `c${++this.#names}`;
        const body = this.#inLoop(() => this.#block(3));
        return `do local ${counter} = 0 while ${counter} < 3 and ${
          this.#expression("boolean")
        } do ${counter} = ${counter} + 1 step()\n${body}\nend end`;
      }
      case 13: {
        const counter = `c${++this.#names}`;
        const body = this.#inLoop(() => this.#block(3));
        return `do local ${counter} = 0 repeat ${counter} = ${counter} + 1 step()\nlocal done = ${
          this.#expression("boolean")
        }\n${body}\nuntil done or ${counter} > 3 end`;
      }
      case 14:
        return this.#localFunction();
      case 15:
        return `try(${this.#function()}, ${this.#expressions()})`;
      default:
        return `do\n${this.#block(4)}\n${
          this.#pick(3) === 0 ? `return ${this.#expressions()}` : ""
        } end`;
    }
  }

  #loop(head: (name: string) => string, type: Type): string {
    this.#scopes.push([]);
    const name = this.#declare(type);
    const text = head(name);
    const body = this.#inLoop(() => this.#block(4));
    this.#scopes.pop();
    return `${text}\n${body}\nend`;
  }

  #inLoop(build: () => string): string {
    this.#loops++;
    const text = build();
    this.#loops--;
    return text;
  }

  #localFunction(): string {
    const name = `f${++this.#names}`;
    const text = this.#parts(this.#pick(2) === 0);
    this.#scopes[this.#scopes.length - 1].push({ name, type: "function" });
    return this.#pick(2) === 0
      ? `local function ${name}${text}`
      : `local ${name} ${name} = function${text}`;
  }

  #function(): string {
    return `function${this.#parts(this.#pick(3) === 0)}`;
  }

  #parts(isVararg: boolean): string {
    const before = { isVararg: this.#isVararg, loops: this.#loops };
    this.#isVararg = isVararg;
    this.#loops = 0;
    this.#scopes.push([]);
    const parameters = [this.#declare("number"), this.#declare("table")];
    if (isVararg) parameters.push("...");
    const body = this.#block(4);
    const result = this.#pick(3) === 0 ? this.#call() : this.#expressions();
    this.#scopes.pop();
    this.#isVararg = before.isVararg;
    this.#loops = before.loops;
    return `(${parameters.join(", ")}) step()\n${body}\nreturn ${result} end`;
  }

  #type(): Type {
    return this.#one(["number", "string", "boolean", "table", "number", "function"] as const);
  }

  /** One to three values, the last one perhaps open. */
  #expressions(): string {
    const values = [this.#expression(this.#type())];
    for (let i = this.#pick(3); i > 0; i--) values.push(this.#expression(this.#type()));
    if (this.#pick(5) === 1) values.push(this.#isVararg ? "..." : this.#call());
    return values.join(", ");
  }

  #call(): string {
    const callee = this.#variable("function");
    if (callee === undefined) return `select("#", ${this.#expression("number")})`;
    return `${callee}(${this.#expression("number")}, ${this.#expression("table")}${
      this.#pick(4) === 1 ? `, ${this.#isVararg ? "..." : "nil"}` : ""
    })`;
  }

  #expression(type: Type): string {
    // Now and then a value of another type: most often an error, whose words are compared too.
    if (this.#pick(40) === 39) return this.#one(["nil", "({})", "told.none", '"5"', "7"]);
    if (++this.#depth > MAX_DEPTH + 3) {
      this.#depth--;
      return this.#leaf(type);
    }
    const text = this.#compound(type);
    this.#depth--;
    return text;
  }

  #leaf(type: Type): string {
    const variable = this.#variable(type);
    if (variable !== undefined && this.#pick(4) !== 3) return variable;
    switch (type) {
      case "number":
        return this.#one(["1", "0", "2", "10", "-3", "0.5", "7"]);
      case "string":
        return this.#one(['"a"', '""', '"x1"', '"10"']);
      case "boolean":
        return this.#one(["true", "false", "nil"]);
      case "table":
        return this.#one(["{}", "{1, 2, 3}", "{x = 1, y = 2, 5}", "{{}, {4}}"]);
      case "function":
        return this.#one(["tell", "show", "type", "function(...) return ... end"]);
    }
  }

  #compound(type: Type): string {
    const choice = this.#pick(8);
    if (choice < 3) return this.#leaf(type);
    switch (type) {
      case "number":
        // Not of tables: with holes in them, what is right for Lua is not always the same number.
        if (choice === 3) return `#${this.#expression("string")}`;
        if (choice === 4) return `(${this.#expression("number")} or ${this.#expression("number")})`;
        if (choice === 5) return `-(${this.#leaf("number")})`;
        if (choice === 6) return `(${this.#call()} or ${this.#leaf("number")})`;
        // Nothing is divided by 0: JavaScript does not tell the sign of what is no number then.
        if (this.#pick(3) === 2) {
          return `(${this.#expression("number")} ${this.#one(["/", "%"])} ${
            this.#one(["2", "7", "-3"])
          })`;
        }
        return `(${this.#expression("number")} ${this.#one(["+", "-", "*"])} ${
          this.#expression("number")
        })`;
      case "string":
        if (choice === 3) {
          return `(${this.#expression("boolean")} and ${this.#expression("string")} or "no")`;
        }
        if (choice === 4) return `show(${this.#expression("boolean")})`;
        // Cut, as a loop would make it grow without end.
        return `string.sub(${this.#expression("string")} .. ${
          this.#expression(this.#one(["number", "string"]))
        } .. ${this.#expression("string")}, 1, 40)`;
      case "boolean":
        if (choice === 3) return `not ${this.#expression("boolean")}`;
        if (choice === 4) {
          return `(${this.#expression("number")} ${this.#one(["<", "<=", ">", ">=", "==", "~="])} ${
            this.#expression("number")
          })`;
        }
        if (choice === 5) return `(${this.#expression("string")} < ${this.#expression("string")})`;
        return `(${this.#expression("boolean")} ${this.#one(["and", "or"])} ${
          this.#expression("boolean")
        })`;
      case "table":
        if (choice === 3) return `{${this.#expressions()}}`;
        if (choice === 4) return `{x = ${this.#expression("number")}, ${this.#expressions()}}`;
        if (choice === 5) {
          return `{[${this.#expression("number")}] = ${this.#expression("string")}, ${
            this.#leaf("number")
          }}`;
        }
        if (choice === 6) {
          return `setmetatable({${this.#leaf("number")}}, {__index = function(t, k) step() return ${
            this.#leaf("number")
          } end, __lt = function() return ${this.#leaf("boolean")} end})`;
        }
        return this.#leaf("table");
      case "function":
        return choice > 5 ? this.#function() : this.#leaf("function");
    }
  }
}
