// `deno task generate`: random sequences of commands on redis-server and Ravel, for as long as it is
// told. Ends with 1 if they differed.

import { parseTexts, positiveInteger, positiveNumber } from "../../bench/option_values.ts";
import { campaign } from "./campaign.ts";

const USAGE = `Runs random sequences of commands on redis-server and on Ravel, and compares replies,
keyspace events, counts of INFO, and in the end every key.

  deno task generate [--seconds 60] [--sequences N] [--seed S] [--commands zadd,zrange]

--seconds    how long; --sequences ends it earlier
--seed       of the first sequence, each further one has the next: what a failure names, with
             --sequences 1, runs that sequence again
--commands   only these, beside those that fill keys
REDIS_SERVER names the program to compare with, in place of redis-server.
`;

const given = parseTexts(Deno.args, ["seconds", "sequences", "seed", "commands"]);
if (given === "help") {
  console.log(USAGE);
  Deno.exit(0);
}
const seed = Number(given.seed ?? Date.now() % 1_000_000_000);
const { calls, commands, failures, sequences, version } = await campaign({
  seed,
  seconds: positiveNumber("seconds", given.seconds ?? "60"),
  sequences: given.sequences === undefined
    ? undefined
    : positiveInteger("sequences", given.sequences, 1e9),
  only: given.commands?.toLowerCase().split(","),
  program: Deno.env.get("REDIS_SERVER"),
  onFailure: (report) => console.log(report),
});
console.log(
  `${sequences} sequences from seed ${seed}, ${calls} calls of ${commands.length} commands, ` +
    `against redis-server ${version}: ${failures.length} kinds of differences`,
);
Deno.exit(failures.length === 0 ? 0 : 1);
