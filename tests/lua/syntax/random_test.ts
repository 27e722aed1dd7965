// The parser beside lua5.1 on random texts: what is accepted, the words of what is not, and for what is
// the instructions that may fail with their lines, upvalues, constants, and registers.

import { assert, assertEquals } from "@std/assert";
import type { FunctionNode } from "../../../lua/syntax/ast.ts";
import { FunctionState } from "../../../lua/syntax/function_state.ts";
import { parseChunk } from "../../../lua/syntax/parser.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";
import { withoutLua } from "../harness/lua_reference.ts";
import { type CompiledFunction, readCompiled } from "./bytecode.ts";
import { instructionsOf } from "./instructions.ts";
import { compiledByLua } from "./lua_compiler.ts";
import { LEVELS_IN_LUA, parsed } from "./parsed.ts";
import { randomProgram, textOf, withFaults } from "./random_text.ts";

/** Registers that each function has needed, as the parser counts them. */
const registers = new WeakMap<FunctionNode, number>();
const { check } = FunctionState.prototype;
FunctionState.prototype.check = function (count: number): void {
  check.call(this, count);
  registers.set(this.node, Math.max(registersOf(this.node), this.free + count));
};

function registersOf(node: FunctionNode): number {
  return registers.get(node) ?? 2;
}

function randomTexts(seed: number, count: number, change: typeof withFaults): string[] {
  return Array.from({ length: count }, (_, i) => {
    const random = new SeededRandom((seed + i) * 7919);
    random.bits();
    return textOf(random, change(random, randomProgram(random)));
  });
}

function assertSame(node: FunctionNode, compiled: CompiledFunction, text: string): void {
  const { instructions, functions } = instructionsOf(node);
  assertEquals(instructions, compiled.instructions, text);
  assertEquals(node.line, compiled.line, text);
  if (node.outer !== undefined) assertEquals(node.lastLine, compiled.lastLine, text);
  assertEquals(node.parameters.length, compiled.parameters, text);
  assertEquals(node.upvalues.map(({ name }) => name), compiled.upvalues, text);
  assertEquals(registersOf(node), compiled.registers, text);
  assertEquals(functions.length, compiled.functions.length, text);
  functions.forEach((each, i) => assertSame(each, compiled.functions[i], text));
}

/** Compares all, and answers how many were accepted. */
async function compare(texts: readonly string[]): Promise<number> {
  const answers = await compiledByLua(texts);
  assertEquals(answers.length, texts.length);
  let accepted = 0;
  texts.forEach((text, i) => {
    const answer = answers[i];
    if (typeof answer === "string") {
      assertEquals([text, parsed(text, "=s", LEVELS_IN_LUA)], [text, answer]);
    } else {
      accepted++;
      assertSame(parseChunk(text, "=s", LEVELS_IN_LUA), readCompiled(answer), text);
    }
  });
  return accepted;
}

Deno.test({
  name: "random programs are read as lua5.1 reads them",
  ignore: withoutLua,
  fn: async () => {
    const accepted = await compare(randomTexts(1, 1_000, (_, tokens) => tokens.slice()));
    assert(accepted > 500, `${accepted} accepted`);
  },
});

Deno.test({
  name: "random programs with faults are refused in lua5.1's words",
  ignore: withoutLua,
  fn: async () => {
    const accepted = await compare(randomTexts(100_000, 3_000, withFaults));
    assert(accepted < 1_500, `${accepted} accepted`);
  },
});

Deno.test({
  name: "random bytes are refused in lua5.1's words",
  ignore: withoutLua,
  fn: async () => {
    const texts = Array.from({ length: 500 }, (_, i) => {
      const random = new SeededRandom(i + 1);
      // lua5.1 takes what begins with an escape for bytecode; redis-server has no such thing.
      return "x" +
        Array.from({ length: random.below(40) }, () => String.fromCharCode(random.below(256))).join(
          "",
        );
    });
    await compare(texts);
  },
});

Deno.test({
  name: "functions of many constants and registers are read as lua5.1 reads them",
  ignore: withoutLua,
  fn: async () => {
    const texts: string[] = [];
    const many = (count: number, part: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => part(i)).join(" ");
    for (const count of [100, 200, 253, 254, 255, 256, 257, 258, 300]) {
      texts.push(
        `local t = {} ${
          many(count, (i) => `t.x${i} = 'a${i}'`)
        } return t.zz, t:yy(), t[1], t.x1, -0, 0`,
        `local t = {} ${many(count, (i) => `t[${i}] = ${i}.5`)} return t.zz + 1, t:yy(1, 5 + x),
          t[1] == nil, t[true] < false, t[nil] .. 1`,
        `local t = {} ${many(count, (i) => `t[${i}] = ${i}.5`)} ${many(190, (i) => `local a${i}`)}
          return ${"x == (y + 1) + (".repeat(12)} f(t.zz + 1, t:yy(1, x), t[true] < false)${
          ")".repeat(12)
        }`,
      );
    }
    await compare(texts);
  },
});
