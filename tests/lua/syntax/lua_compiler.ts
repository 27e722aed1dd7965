// Asks lua5.1 what it makes of many texts at once.

import { byteStringOf } from "../../../structures/bytes/byte_string.ts";

/** Reads texts with their lengths in front; answers for each its bytecode or the message. */
const DRIVER = `
local data = io.read("*a")
local at = 1
while at <= #data do
  local _, last, length = data:find("^(%d+) ", at)
  local text = data:sub(last + 1, last + length)
  at = last + length + 1
  local f, message = loadstring(text, "=s")
  local answer = f and string.dump(f) or message
  io.write(f and "" or "-", #answer, " ", answer)
end`;

/** Bytecode of what is Lua, the message of what is not. */
export async function compiledByLua(texts: readonly string[]): Promise<(Uint8Array | string)[]> {
  const process = new Deno.Command("lua5.1", {
    args: ["-e", DRIVER],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = texts.map((text) => `${text.length} ${text}`).join("");
  const writer = process.stdin.getWriter();
  const written = writer.write(Uint8Array.from(input, (character) => character.charCodeAt(0)))
    .then(() => writer.close());
  const { stdout } = await process.output();
  await written;
  const answers: (Uint8Array | string)[] = [];
  for (let at = 0; at < stdout.length;) {
    const space = stdout.indexOf(32, at);
    const length = Number(byteStringOf(stdout, at, space - at));
    at = space + 1 + Math.abs(length);
    answers.push(
      length < 0 ? byteStringOf(stdout, space + 1, -length) : stdout.slice(space + 1, at),
    );
  }
  return answers;
}
