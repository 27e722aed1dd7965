/** Commands on the bits of strings. */

import "./bitcount.ts";
import "./bitfield.ts";
import "./bitfield_ro.ts";
import "./bitop.ts";
import "./bitpos.ts";
import "./getbit.ts";
import "./setbit.ts";
