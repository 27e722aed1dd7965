/** The writers of replies, one a protocol, that all clients of a server share. */

import { NativeReply } from "../../protocol/native_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { RespReply } from "../../protocol/resp_reply.ts";
import type { Client } from "./client.ts";
import { NOWHERE } from "./nowhere.ts";

export class Dialects {
  resp2: RespReply = new RespReply(NOWHERE, 2);
  resp3: RespReply = new RespReply(NOWHERE, 3);
  native: NativeReply = new NativeReply(NOWHERE);

  /**
   * Puts a new writer in the place of one that somebody has kept and may still write to; what is
   * written there from now on fails.
   */
  replace(writer: Reply, clients: Iterable<Client>): void {
    const { out } = writer;
    let next: Reply;
    if (writer === this.resp2) next = this.resp2 = new RespReply(out, 2);
    else if (writer === this.resp3) next = this.resp3 = new RespReply(out, 3);
    else if (writer === this.native) next = this.native = new NativeReply(out);
    // A script's own, which forgets before each call.
    else return;
    for (const client of clients) if (client.reply === writer) client.reply = next;
    writer.out = NOWHERE;
  }
}
