/** How much is stored, and in what form. */

import { INT32_MAX, INT32_MIN, INT64_MAX } from "../bounds.ts";
import { MAX_DATABASES } from "../capacity.ts";
import { atStart, type Directive, directive } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { Settings } from "../settings.ts";
import { yesNo } from "../text_types.ts";

const defaults = new Settings();

export const DATA: readonly Directive[] = [
  directive(
    defaults,
    "databases",
    "databases",
    integer(1, MAX_DATABASES),
    `Number of databases that SELECT can reach; at most ${MAX_DATABASES}, as each takes memory even ` +
      "when it is empty.",
    atStart,
  ),
  directive(
    defaults,
    "list-max-listpack-size",
    "listMaxListpackSize",
    integer(INT32_MIN, INT32_MAX),
    "Size of a list's parts: at most so many elements, or -1 to -5 for 4, 8, 16, 32 or 64 KiB.",
    { aliases: ["list-max-ziplist-size"] },
  ),
  directive(
    defaults,
    "list-compress-depth",
    "listCompressDepth",
    integer(0, INT32_MAX),
    "Parts of a long list are stored compressed, but for so many at either end; 0: none is.",
  ),
  directive(
    defaults,
    "hash-max-listpack-entries",
    "hashMaxListpackEntries",
    integer(0, INT64_MAX),
    "Hashes of at most so many fields are stored packed.",
    { aliases: ["hash-max-ziplist-entries"] },
  ),
  directive(
    defaults,
    "hash-max-listpack-value",
    "hashMaxListpackValueBytes",
    memorySize(0, INT64_MAX),
    "Hashes whose fields and values are at most so many bytes long are stored packed.",
    { aliases: ["hash-max-ziplist-value"] },
  ),
  directive(
    defaults,
    "set-max-intset-entries",
    "setMaxIntsetEntries",
    integer(0, INT64_MAX),
    "Sets of integers alone, at most so many, are stored as one sorted block.",
  ),
  directive(
    defaults,
    "set-max-listpack-entries",
    "setMaxListpackEntries",
    integer(0, INT64_MAX),
    "Sets of at most so many members are stored packed.",
  ),
  directive(
    defaults,
    "set-max-listpack-value",
    "setMaxListpackValueBytes",
    integer(0, INT64_MAX),
    "Sets whose members are at most so many bytes long are stored packed; a plain number.",
  ),
  directive(
    defaults,
    "zset-max-listpack-entries",
    "zsetMaxListpackEntries",
    integer(0, INT64_MAX),
    "Sorted sets of at most so many members are stored packed.",
    { aliases: ["zset-max-ziplist-entries"] },
  ),
  directive(
    defaults,
    "zset-max-listpack-value",
    "zsetMaxListpackValueBytes",
    memorySize(0, INT64_MAX),
    "Sorted sets whose members are at most so many bytes long are stored packed.",
    { aliases: ["zset-max-ziplist-value"] },
  ),
  directive(
    defaults,
    "hll-sparse-max-bytes",
    "hllSparseMaxBytes",
    memorySize(0, INT64_MAX),
    "HyperLogLogs of at most so many bytes are stored sparsely.",
  ),
  directive(
    defaults,
    "rdbcompression",
    "rdbCompression",
    yesNo,
    "Whether strings of more than 20 bytes are compressed in what DUMP answers.",
  ),
];
