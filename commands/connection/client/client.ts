/** CLIENT: what the server knows of its clients, and what they may ask for. */

import { register } from "../../registry.ts";
import { withHelp } from "../../help.ts";
import { getName, id, setInfo, setName } from "./identity.ts";
import { kill } from "./kill.ts";
import { info, list } from "./list.ts";
import { pause, unpause } from "./pause.ts";
import { noEvict, noTouch, replyMode } from "./modes.ts";
import { unblock } from "./unblock.ts";
import { caching, getRedir, tracking, trackingInfo } from "./tracking.ts";

register(withHelp({
  name: "client",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "connection",
  since: "2.4.0",
  summary: "Holds the commands about client connections.",
  flags: [],
  subcommands: [
    caching,
    getName,
    getRedir,
    id,
    info,
    kill,
    list,
    noEvict,
    noTouch,
    pause,
    replyMode,
    setInfo,
    setName,
    unblock,
    tracking,
    trackingInfo,
    unpause,
  ],
}, "5.0.0"));
