// Programs that others wrote, run against Ravel as their users run them. Where one is not installed
// its tests are reported as ignored, except in CI, where they fail.

const DEADLINE_MS = 60_000;

/** For Deno.test: whether tests that need a program are to be skipped here. */
export function without(program: string): boolean {
  return Deno.env.get("CI") === undefined && !isInstalled(program);
}

function isInstalled(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((directory) => {
    try {
      return Deno.statSync(`${directory}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with `input` as its standard input. Killed after a minute. */
export async function runProgram(
  program: string,
  args: readonly string[],
  input: string | Uint8Array = "",
): Promise<Outcome> {
  const process = new Deno.Command(program, {
    args: [...args],
    env: { LC_ALL: "C" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => process.kill("SIGKILL"), DEADLINE_MS);
  const writing = writeAll(process.stdin, input);
  const { code, stdout, stderr } = await process.output();
  clearTimeout(timer);
  await writing;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function writeAll(
  stdin: WritableStream<Uint8Array>,
  input: string | Uint8Array,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
    await writer.close();
  } catch {
    // The program ended without reading all of it.
  }
}
