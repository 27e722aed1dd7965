/** Every command module: importing this file fills the registry. */

import "./bitmaps/mod.ts";
import "./connection/mod.ts";
import "./generic/mod.ts";
import "./geo/mod.ts";
import "./hashes/mod.ts";
import "./hyperloglog/mod.ts";
import "./lists/mod.ts";
import "./pubsub/mod.ts";
import "./scripting/mod.ts";
import "./server/mod.ts";
import "./sets/mod.ts";
import "./sorted_sets/mod.ts";
import "./strings/mod.ts";
import "./transactions/mod.ts";
// Not a command: what plugins import is there already, so that it takes no leave to read it.
import "./plugin.ts";
