// Sessions at random: clients that pipeline, are held, are sent messages and get replies in pieces,
// all at once, while some of them are killed or leave. Every byte that arrives is checked.

import { assert, assertEquals } from "@std/assert";
import { register } from "../../commands/registry.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Client } from "../../server/execution/client.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import { Push } from "../../server/execution/push.ts";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const DECLARED = {
  complexity: "O(N)",
  group: "module",
  since: "1.0.0",
  summary: "For this test.",
  flags: [],
} as const;

const WORDS_A_PIECE = 50;
let piecesBegun = 0;
let piecesEnded = 0;

class Words implements PiecewiseReply {
  constructor(private left: number) {
    piecesBegun++;
  }

  write(reply: Reply): boolean {
    for (let i = 0; i < WORDS_A_PIECE && this.left > 0; i++, this.left--) reply.bulk("word");
    return this.left > 0;
  }

  ended(): void {
    piecesEnded++;
  }
}

register({
  ...DECLARED,
  name: "sessions.words",
  arity: 2,
  run(call) {
    const count = call.integer(1);
    call.reply.array(count);
    call.replyInPieces(new Words(count));
  },
});

register({
  ...DECLARED,
  name: "sessions.hold",
  arity: 1,
  run({ client, reply }) {
    client.hold();
    reply.ok();
  },
});

/** A client of the test, and what it is owed. */
class Subject {
  readonly replies: string[] = [];
  messages = 0;
  #held = 0;

  constructor(readonly peer: Peer, readonly client: Client, readonly random: SeededRandom) {}

  static async of(server: Server, random: SeededRandom): Promise<Subject> {
    const peer = await Peer.connect(server.address.port);
    if (random.below(2) === 0) await peer.ask("HELLO", "3");
    const id = Number((await peer.ask("CLIENT", "ID")).slice(1));
    return new Subject(peer, server.clients.get(id)!, random);
  }

  #chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  #queue(): void {
    const { peer, replies } = this;
    const kind = this.random.below(10);
    if (kind < 6) {
      const length = this.random.below(this.#chance(10) ? 300_000 : 200);
      const text = String(replies.length).padEnd(length, "e");
      peer.queue("ECHO", text);
      replies.push(`$${text.length}\r\n${text}\r\n`);
    } else if (kind < 8) {
      const count = this.random.below(1000);
      peer.queue("SESSIONS.WORDS", String(count));
      replies.push(`*${count}\r\n` + "$4\r\nword\r\n".repeat(count));
    } else if (kind < 9) {
      peer.queue("SESSIONS.HOLD");
      this.#held++;
      replies.push("+OK\r\n");
    } else {
      peer.queue("CLIENT", "REPLY", "SKIP");
      peer.queue("SESSIONS.WORDS", "70");
    }
  }

  /** Sends pipelines, gets messages, is let go of, all at random times. */
  async play(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (let i = this.random.below(30); i >= 0; i--) this.#queue();
      const sending = this.peer.flush();
      sending.catch(() => {});
      while (this.#chance(70)) {
        this.#push();
        if (this.client.isHeld && this.#chance(50)) this.#release();
        await turn();
      }
      await sending;
    }
    // Who is held when all has been sent is let go of until nothing is owed.
    while (this.#held > 0) {
      if (this.client.isHeld) this.#release();
      await turn();
    }
    this.peer.queue("PING");
    this.replies.push("+PONG\r\n");
    await this.peer.flush();
  }

  /** Nothing is owed any more. */
  giveUp(): void {
    this.#held = 0;
  }

  #release(): void {
    this.client.release();
    this.#held--;
  }

  #push(): void {
    const text = String(this.messages++).padEnd(this.random.below(this.#chance(10) ? 100_000 : 50));
    this.client.push(
      new Push((writer) => {
        writer.push(2);
        writer.bulk("message");
        writer.bulk(text);
      }),
    );
  }

  /** Reads until the reply to the last request and all messages are there. */
  async check(): Promise<void> {
    const { peer, replies } = this;
    let next = 0;
    let messages = 0;
    for (let isLast = false; !isLast || messages < this.messages;) {
      const got = await peer.receive();
      if (/^[*>]2\r\n\$7\r\nmessage/.test(got)) {
        assertEquals(Number(got.split("\r\n")[4]), messages++);
      } else {
        const expected = replies[next++];
        assert(got === expected, `${got.slice(0, 80)} in place of ${expected?.slice(0, 80)}`);
        isLast = got === "+PONG\r\n";
      }
    }
    assertEquals(next, replies.length);
    assertEquals(await peer.ask("ECHO", "end"), "$3\r\nend\r\n");
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What lies in the pool is empty, or the next who borrows it would send it. */
function checkPool(server: Server): void {
  const { pool } = server;
  while (pool.pooledBytes > 0) assertEquals(pool.takeOutput().length, 0);
}

for (const seed of [1, 2]) {
  Deno.test(`sessions at random get every byte in its place (${seed})`, async () => {
    piecesBegun = piecesEnded = 0;
    await using server = await serveQuietly();
    const random = new SeededRandom(seed);
    const subjects: Subject[] = [];
    for (let i = 0; i < 4; i++) subjects.push(await Subject.of(server, random));
    await Promise.all(subjects.map(async (subject) => {
      const playing = subject.play(15);
      for (let turns = random.below(30); turns > 0; turns--) await turn();
      await Promise.all([playing, subject.check()]);
    }));
    for (const { peer } of subjects) peer[Symbol.dispose]();
    await server.shutdown();
    assertEquals(piecesEnded, piecesBegun);
    checkPool(server);
  });

  Deno.test(`sessions that end at any time leave nothing behind (${seed})`, async () => {
    piecesBegun = piecesEnded = 0;
    await using server = await serveQuietly();
    const random = new SeededRandom(seed);
    using other = await Peer.connect(server.address.port);
    for (let round = 0; round < 40; round++) {
      const subject = await Subject.of(server, random);
      const { client, peer } = subject;
      const playing = subject.play(3).catch(() => {});
      const reading = random.below(2) === 0 ? subject.check().catch(() => {}) : undefined;
      for (let turns = random.below(8); turns > 0; turns--) await turn();
      const way = random.below(10);
      if (way < 3) await other.ask("CLIENT", "KILL", "ID", String(client.id));
      else if (way < 5) client.transport.close();
      else if (way < 7) client.transport.finish();
      else peer[Symbol.dispose]();
      if (way < 7 && reading === undefined) await peer.receiveRest().catch(() => {});
      await turn();
      client.push(new Push((writer) => writer.bulk("to nobody")));
      peer[Symbol.dispose]();
      subject.giveUp();
      await Promise.all([playing, reading]);
    }
    assertEquals(await other.ask("PING"), "+PONG\r\n");
    await server.shutdown();
    assertEquals(server.clients.size, 0);
    assertEquals(piecesEnded, piecesBegun);
    checkPool(server);
  });
}
