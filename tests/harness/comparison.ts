// Asks redis-server and Ravel the same questions and compares the replies byte for byte.
//
// A script is one request a line, words as redis-cli takes them. Three prefixes and one suffix:
//
//     # text               a comment
//     ~KEYS *              the elements of the reply may come in any order
//     ~~HGETALL h          its pairs of elements may
//     @2 GET k             on the second connection (@1 is the first; up to @9)
//     ZRANK z a => :0      asked of Ravel only; the reply is written here, `|` for each CR LF
//
// The last is for what the installed redis-server is too old for.

import { assertEquals } from "@std/assert";
import type { ServeOptions } from "../../server/mod.ts";
import { comparedServer, isElsewhere } from "./compared_server.ts";
import { Peer } from "./peer.ts";
import { RedisReference, withoutRedis } from "./redis_reference.ts";

export interface ComparisonOptions {
  /** Both answer in RESP3. */
  resp3?: boolean;
  /** Settings of both. */
  directives?: Readonly<Record<string, string>>;
  serve?: ServeOptions;
  /** It takes a server that nobody has asked anything yet, in this process. */
  alone?: boolean;
}

/** Registers a test that runs the script against both servers. */
export function comparison(name: string, script: string, options: ComparisonOptions = {}): void {
  const { alone, directives, serve } = options;
  Deno.test({
    name: `same replies as redis-server: ${name}`,
    ignore: withoutRedis || isElsewhere && (alone ?? directives ?? serve) !== undefined,
    async fn() {
      await using redis = await RedisReference.start(directives);
      await using ravel = await comparedServer({ directives, ...serve });
      using ours = new Peers(ravel.port, options.resp3 ?? false);
      using theirs = new Peers(redis.port, options.resp3 ?? false);
      const different: string[] = [];
      for (const line of linesOf(script)) {
        const [request, literal] = line.split(" => ");
        const expected = literal === undefined
          ? normalized(request, await theirs.ask(request))
          : literal.replaceAll("|", "\r\n") + (literal.endsWith("|") ? "" : "\r\n");
        const actual = normalized(request, await ours.ask(request));
        if (actual !== expected) {
          different.push(
            `${request}\n    redis ${JSON.stringify(expected)}\n    ravel ${
              JSON.stringify(actual)
            }`,
          );
        }
      }
      ravel.verify();
      assertEquals(different.join("\n"), "");
    },
  });
}

/** Up to nine connections to one server, opened when first used. */
export class Peers implements Disposable {
  readonly #peers: (Peer | undefined)[] = [];
  constructor(readonly port: number, readonly resp3: boolean) {}

  async ask(line: string): Promise<string> {
    const [, number, rest] = /^~{0,2}(?:@([1-9]) )?(.*)$/s.exec(line)!;
    const peer = this.#peers[Number(number ?? 1)] ??= await this.#connect();
    return await peer.ask(...wordsOf(rest));
  }

  async #connect(): Promise<Peer> {
    const peer = await Peer.connect(this.port);
    if (this.resp3) await peer.ask("HELLO", "3");
    return peer;
  }

  [Symbol.dispose](): void {
    for (const peer of this.#peers) peer?.[Symbol.dispose]();
  }
}

/** The requests of a script. */
export function linesOf(script: string): string[] {
  return script.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/** Words of a line; double quotes with `\xHH` and the usual escapes make any bytes. */
export function wordsOf(line: string): Uint8Array[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) => {
    if (!word.startsWith('"')) return new TextEncoder().encode(word);
    const text = word.slice(1, -1).replace(
      /\\(?:x([0-9a-fA-F]{2})|(.))/g,
      (_, hex, escape) =>
        hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : ESCAPES[escape] ?? escape,
    );
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  });
}

/** The reply as it is compared: for a `~` request its elements sorted, for `~~` pairs of them. */
export function normalized(request: string, reply: string): string {
  if (!request.startsWith("~")) return reply;
  const [header, ...elements] = reply.replace(/\r\n$/, "").split(/\r\n(?=[$:+*_,#~%])/);
  if (!request.startsWith("~~")) return [header, ...elements.sort()].join("\r\n");
  // Pairs that are arrays of their own have a header each.
  const values = elements.filter((element) => element !== "*2");
  const pairs: string[] = [];
  for (let i = 0; i < values.length; i += 2) pairs.push(values.slice(i, i + 2).join(" "));
  const hasHeaders = values.length < elements.length;
  return [header, hasHeaders ? "*2" : "flat", ...pairs.sort()].join("\r\n");
}
