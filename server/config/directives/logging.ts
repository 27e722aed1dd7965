/** The log, and what extends the server. */

import { atStart, type Directive, directive, ownAtStart } from "../directive.ts";
import { LOG_FORMATS, LOG_LEVELS, Settings } from "../settings.ts";
import { oneOf, path, wordList } from "../text_types.ts";

const MAX_PLUGINS = 256;

const defaults = new Settings();

export const LOGGING: readonly Directive[] = [
  directive(
    defaults,
    "loglevel",
    "logLevel",
    oneOf(LOG_LEVELS),
    "Least important messages that are logged.",
  ),
  directive(
    defaults,
    "logfile",
    "logFile",
    path,
    "File that the log is appended to (needs --allow-write); empty for standard output.",
    atStart,
  ),
  directive(
    defaults,
    "log-format",
    "logFormat",
    oneOf(LOG_FORMATS),
    "Log as lines of text or as one JSON object a line.",
    ownAtStart,
  ),
  directive(
    defaults,
    "plugin",
    "plugins",
    wordList({
      form: "file …",
      maxWords: MAX_PLUGINS,
      tooMany: "too many plugins",
      append: true,
    }),
    "Modules that register more commands (needs --allow-read); may be given several times.",
    ownAtStart,
  ),
];
