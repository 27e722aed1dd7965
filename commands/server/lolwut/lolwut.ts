/** LOLWUT [VERSION version] [size …] */

import { clampInt64 } from "./limits.ts";
import { mountains } from "./mountains.ts";
import { tiles } from "./tiles.ts";
import type { Call } from "../../../server/execution/call.ts";
import { redisVersion } from "../../../server/version.ts";
import { register } from "../../registry.ts";

register({
  name: "lolwut",
  arity: -1,
  complexity: "O(N) where N is the number of characters drawn",
  group: "server",
  since: "5.0.0",
  summary: "Draws something, and tells the version of Redis whose behaviour this is.",
  flags: ["readonly", "fast"],
  arguments: [{ name: "version", type: "integer", token: "VERSION", optional: true }],
  run(call) {
    const hasVersion = call.count >= 3 && call.args.is(1, "VERSION");
    const sizesAt = hasVersion ? 3 : 1;
    const drawing = drawingOf(call, hasVersion ? versionAt(call, 2) : 0, sizesAt);
    call.reply.verbatim("txt", `${drawing}Redis ver. ${redisVersion}\n`);
  },
});

/** As Redis takes it: 32 bits of whatever integer it is. */
function versionAt(call: Call, i: number): number {
  return Number(BigInt.asUintN(32, BigInt(call.int64(i))));
}

/** The drawing of a version, of the size that the arguments say; nothing where it has none. */
function drawingOf(call: Call, version: number, sizesAt: number): string {
  const { randomInt } = call.keyspace;
  const size = (place: number, initial: number, most: number) =>
    sizesAt + place < call.count ? clampInt64(call.int64(sizesAt + place), most) : initial;
  if (version === 5) {
    const drawing = tiles(size(0, 66, 1000), size(1, 8, 200), size(2, 12, 200), randomInt);
    return `${drawing}\nTiles after Sébastien Truchet, 1704. `;
  }
  if (version === 6) {
    return `${mountains(size(0, 80, 1000), size(1, 20, 1000), randomInt)}\nMountains at night. `;
  }
  return "";
}
