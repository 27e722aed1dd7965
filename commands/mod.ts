/** Every command module: importing this file fills the registry. */

import "./connection/ping.ts";
import "./sorted_sets/mod.ts";
import "./strings/get.ts";
import "./strings/set.ts";
