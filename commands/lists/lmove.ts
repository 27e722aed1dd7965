/** LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> */

import { register } from "../registry.ts";
import { endArgument } from "./list_end.ts";
import { moveCommand } from "./move.ts";

register(moveCommand({
  name: "lmove",
  since: "6.2.0",
  summary: "Moves an element from an end of one list to an end of another.",
  arity: 5,
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    endArgument("wherefrom"),
    endArgument("whereto"),
  ],
  endsAt: 3,
  timeoutAt: 0,
}));
