// Writes down what a redis-server answers to scripts, for tests of what the installed one is too old for.
//
//     record_replies.ts SCRIPTS PROGRAM FILE

import { linesOf, normalized, Peers } from "./comparison.ts";
import { RedisReference } from "./redis_reference.ts";

/** Replies by name of the script, in the order of its requests, as comparisons see them. */
export type RecordedReplies = Readonly<Record<string, readonly string[]>>;

/** Asks a server the requests of a script. */
export async function repliesTo(script: string, port: number): Promise<string[]> {
  using peers = new Peers(port, false);
  const replies: string[] = [];
  for (const line of linesOf(script)) replies.push(normalized(line, await peers.ask(line)));
  return replies;
}

if (import.meta.main) {
  const [scripts, program, file] = Deno.args;
  const { SCRIPTS } = await import(new URL(scripts, `file://${Deno.cwd()}/`).href);
  const recorded: Record<string, string[]> = {};
  for (const [name, script] of Object.entries(SCRIPTS)) {
    await using redis = await RedisReference.start({}, undefined, program);
    recorded[name] = await repliesTo(String(script), redis.port);
  }
  await Deno.writeTextFile(file, JSON.stringify(recorded, null, 2) + "\n");
}
