/** ACL: users, and what they may do. */

import { withHelp } from "../../help.ts";
import { register } from "../../registry.ts";
import { cat } from "./cat.ts";
import { dryRun } from "./dry_run.ts";
import { load, save } from "./file.ts";
import { genPass } from "./gen_pass.ts";
import { getUser } from "./get_user.ts";
import { log } from "./log.ts";
import { delUser, setUser } from "./set_user.ts";
import { list, users, whoAmI } from "./users.ts";

register(withHelp({
  name: "acl",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "6.0.0",
  summary: "Holds the commands about users and what they may do.",
  flags: ["sentinel"],
  subcommands: [
    cat,
    delUser,
    dryRun,
    genPass,
    getUser,
    list,
    load,
    log,
    save,
    setUser,
    users,
    whoAmI,
  ],
}, "6.0.0"));
