/**
 * SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]
 *
 * Data is kept in memory alone. SAVE asks for what cannot be done, so it fails, as it does on Redis
 * where the snapshot fails, unless FORCE says to stop all the same. There are no replicas to wait
 * for, so NOW changes nothing and there is never anything to ABORT.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { oneOf } from "../arguments/one_of.ts";
import { register } from "../registry.ts";

const NOT_IN_PROGRESS = new ErrorReply("ERR No shutdown in progress.");
const CANNOT_SAVE = new ErrorReply("ERR Errors trying to SHUTDOWN. Check logs.");

register({
  name: "shutdown",
  arity: -1,
  complexity: "O(N) when saving, where N is the total number of keys, otherwise O(1)",
  group: "server",
  since: "1.0.0",
  summary: "Stops the server.",
  flags: ["admin", "noscript", "loading", "stale", "no_multi", "allow_busy"],
  history: [["7.0.0", "NOW, FORCE and ABORT."]],
  arguments: [
    oneOf("save-selector", ["NOSAVE", "SAVE"], { optional: true }),
    { name: "now", type: "pure-token", token: "NOW", optional: true, since: "7.0.0" },
    { name: "force", type: "pure-token", token: "FORCE", optional: true, since: "7.0.0" },
    { name: "abort", type: "pure-token", token: "ABORT", optional: true, since: "7.0.0" },
  ],
  run({ args, client, count, server }) {
    let save = false;
    let noSave = false;
    let force = false;
    let abort = false;
    for (let i = 1; i < count; i++) {
      if (args.is(i, "SAVE")) save = true;
      else if (args.is(i, "NOSAVE")) noSave = true;
      else if (args.is(i, "FORCE")) force = true;
      else if (args.is(i, "ABORT")) abort = true;
      else if (!args.is(i, "NOW")) throw SYNTAX_ERROR;
    }
    if (save && noSave || abort && count > 2) throw SYNTAX_ERROR;
    if (abort) throw NOT_IN_PROGRESS;
    // What the script has done would be saved, and the rest of it lost.
    if (!noSave && server.scripting.isBusy) throw new ErrorReply(server.scripting.busyText);
    if (save && !force) {
      server.log.warning("SHUTDOWN SAVE refused: data is kept in memory alone");
      throw CANNOT_SAVE;
    }
    // The end of the connection is the reply; until then nothing of it is carried out.
    client.hold();
    server.lifecycle.beginShutdown();
  },
});
