// Runs programs in Debian's lua5.1, the engine's model where it is installed.

import { byteStringOf } from "../../../structures/bytes/byte_string.ts";

/** Tests that compare are skipped where lua5.1 is missing. */
export const withoutLua: boolean = !await isInstalled();

async function isInstalled(): Promise<boolean> {
  try {
    return (await new Deno.Command("lua5.1", { args: ["-v"], stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** Runs a program, given as a string of one character a byte; its output's lines. */
export async function runLua(program: string): Promise<string[]> {
  const process = new Deno.Command("lua5.1", {
    args: ["-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const written = writer.write(Uint8Array.from(program, (character) => character.charCodeAt(0)))
    .then(() => writer.close());
  const { success, stdout, stderr } = await process.output();
  await written;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const lines = byteStringOf(stdout, 0, stdout.length).split("\n");
  lines.pop();
  return lines;
}

/** A value as Lua source: exact numbers, and strings byte for byte. */
export function luaLiteral(value: string | number | boolean | undefined): string {
  if (value === undefined) return "nil";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "(0/0)";
    if (!Number.isFinite(value)) return value > 0 ? "(1/0)" : "(-1/0)";
    return Object.is(value, -0) ? "tonumber('-0')" : String(value);
  }
  return `"${
    value.replace(
      /[^ !#-\[\]-~]/g,
      (byte) => "\\" + String(byte.charCodeAt(0)).padStart(3, "0"),
    )
  }"`;
}
