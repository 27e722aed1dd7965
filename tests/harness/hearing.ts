// What a server publishes of its keys while it answers.

import { Peer } from "./peer.ts";

/** Asks of one connection, hears everything on another. */
export class Hearing implements Disposable {
  private constructor(readonly peer: Peer, readonly subscriber: Peer) {}

  static async begin(port: number, mask: string): Promise<Hearing> {
    const hearing = new Hearing(await Peer.connect(port), await Peer.connect(port));
    await hearing.subscriber.ask("PSUBSCRIBE", "*");
    await hearing.peer.ask("CONFIG", "SET", "notify-keyspace-events", mask);
    await hearing.peer.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    return hearing;
  }

  /** The reply, and what was published while it came to be, as `channel: message`. */
  async ask(...words: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
    const { peer, subscriber } = this;
    const heard = [(await peer.ask(...words)).split("\r\n")[0]];
    await peer.ask("PUBLISH", "the end", "of it");
    for (;;) {
      // *4 $8 pmessage $1 * $n channel $n message, each on a line of its own
      const [, , , , , , channel, , message] = (await subscriber.receive()).split("\r\n");
      if (channel === "the end") return heard;
      heard.push(`${channel}: ${message}`);
    }
  }

  [Symbol.dispose](): void {
    this.peer[Symbol.dispose]();
    this.subscriber[Symbol.dispose]();
  }
}
