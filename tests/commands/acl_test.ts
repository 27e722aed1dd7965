// Users and what they may do: the replies of redis-server 7.2.4, see acl_scripts.ts.

import { assertEquals } from "@std/assert";
import { linesOf } from "../harness/comparison.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { type RecordedReplies, repliesTo } from "../harness/record_replies.ts";
import recorded from "./acl_replies.json" with { type: "json" };
import { SCRIPTS } from "./acl_scripts.ts";

for (const [name, script] of Object.entries(SCRIPTS)) {
  Deno.test(`ACL replies as redis-server 7.2.4 does: ${name}`, async () => {
    await using server = await serveQuietly();
    const expected = (recorded as RecordedReplies)[name];
    const actual = await repliesTo(script, server.address.port);
    const different = linesOf(script).flatMap((line, i) =>
      actual[i] === expected[i] ? [] : [
        `${line}\n    redis ${JSON.stringify(expected[i])}\n    ravel ${JSON.stringify(actual[i])}`,
      ]
    );
    assertEquals(different.join("\n"), "");
  });
}
