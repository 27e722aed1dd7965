/** ZRANK key member [WITHSCORE] */

import { register } from "../registry.ts";
import { rankCommand } from "./rank.ts";

register(rankCommand({
  name: "zrank",
  summary: "Answers how many elements of a sorted set come before a member.",
  reverse: false,
}));
