/** The request decoder: a full batch of GETs in each form that a client may send. */

import { MAX_BATCH_REQUESTS, RequestBatch } from "../../protocol/arguments.ts";
import { RequestDecoder } from "../../protocol/decoder.ts";
import {
  writeNativeCommandLine,
  writeNativeRequest,
  writeRespRequest,
} from "../../protocol/request_writer.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";

const MAX_BYTES = 1024 * 1024;
const LIMITS = {
  maxBulkBytes: 512 * 1024 * 1024,
  maxMultibulk: 1024 * 1024,
  maxInlineBytes: 64 * 1024,
};

function queue(): ByteQueue {
  return new ByteQueue({ initialBytes: 64 * 1024, maxBytes: MAX_BYTES });
}

function bench(name: string, write: (out: ByteQueue, key: string) => void): void {
  const frames = queue();
  for (let i = 0; i < MAX_BATCH_REQUESTS; i++) {
    write(frames, `key:${String(i * 7919).padStart(12, "0")}`);
  }
  const decoder = new RequestDecoder(LIMITS);
  const batch = new RequestBatch();
  const input = queue();
  Deno.bench({
    name: `${name}, × ${MAX_BATCH_REQUESTS}`,
    group: "decoder",
    fn() {
      input.append(frames.bytes, 0, frames.tail);
      batch.clear();
      decoder.decode(input, batch, true);
      if (batch.count !== MAX_BATCH_REQUESTS) throw new Error(`decoded ${batch.count}`);
    },
  });
}

const encoder = new TextEncoder();

bench("RESP array GET", (out, key) => writeRespRequest(out, ["GET", key]));
bench("native vector GET", (out, key) => writeNativeRequest(out, ["GET", key]));
bench("native command line GET", (out, key) => writeNativeCommandLine(out, `GET ${key}`));
bench("inline GET", (out, key) => {
  const line = encoder.encode(`GET ${key}\r\n`);
  out.append(line, 0, line.length);
});
