// The tests that comparison_test.ts runs against the package: for each type some, and scripts, whose
// engine another runtime compiles in another way. One program, so that it is loaded once.

import "../commands/bitmaps_test.ts";
import "../commands/copy_test.ts";
import "../commands/expiry_test.ts";
import "../commands/hashes_test.ts";
import "../commands/hyperloglog_test.ts";
import "../commands/lists_test.ts";
import "../commands/sets_test.ts";
import "../commands/sorted_sets_test.ts";
import "../commands/string_edits_test.ts";
import "../commands/strings_test.ts";
import "../commands/transactions_test.ts";
import "../scripting/functions_test.ts";
