/** Commands on keys of any type. */

import "./copy.ts";
import "./dbsize.ts";
import "./del.ts";
import "./dump.ts";
import "./exists.ts";
import "./expire.ts";
import "./expireat.ts";
import "./expiretime.ts";
import "./keys.ts";
import "./move.ts";
import "./persist.ts";
import "./pexpire.ts";
import "./pexpireat.ts";
import "./pexpiretime.ts";
import "./pttl.ts";
import "./randomkey.ts";
import "./rename.ts";
import "./renamenx.ts";
import "./restore.ts";
import "./scan.ts";
import "./touch.ts";
import "./ttl.ts";
import "./type.ts";
import "./unlink.ts";
import "./wait.ts";
import "./waitaof.ts";
