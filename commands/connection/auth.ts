/** AUTH [username] password */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { register } from "../registry.ts";
import { authenticate } from "./authentication.ts";

const NO_PASSWORD_SET = new ErrorReply(
  "ERR AUTH <password> called without any password configured for the default user. " +
    "Are you sure your configuration is correct?",
);

register({
  name: "auth",
  arity: -2,
  complexity: "O(N) where N is the length of the password",
  group: "connection",
  since: "1.0.0",
  summary: "Lets the connection in, given the password.",
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  history: [["6.0.0", "A user name before the password."]],
  arguments: [
    { name: "username", type: "string", optional: true, since: "6.0.0" },
    { name: "password", type: "string" },
  ],
  sensitive({ count }, hide) {
    if (count > 3) return;
    for (let i = 1; i < count; i++) hide(i);
  },
  run(call) {
    if (call.count > 3) throw SYNTAX_ERROR;
    if (call.count === 2) {
      if (call.server.acl.defaultUser.needsNoPassword) throw NO_PASSWORD_SET;
      authenticate(call, 0, 1);
    } else {
      authenticate(call, 1, 2);
    }
    call.reply.ok();
  },
});
