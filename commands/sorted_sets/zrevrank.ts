/** ZREVRANK key member [WITHSCORE] */

import { register } from "../registry.ts";
import { rankCommand } from "./rank.ts";

register(rankCommand({
  name: "zrevrank",
  summary: "Answers how many elements of a sorted set come behind a member.",
  reverse: true,
}));
