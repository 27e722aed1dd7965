// The words after `serve`: `[FILE] [--directive value …] [-]`. A directive takes all words up to the
// next one that starts with "--", or what follows "=". A last word "-" reads more directives from
// standard input. Files are read before the command line's own directives, which so win over them.

import { ConfigError } from "./config_error.ts";
import { type ConfigLine, readConfigFile, type ReadText, splitLine } from "./config_file.ts";

const WHERE = "on the command line";

/** The directives that the words name, in the order in which they apply. Throws ConfigError. */
export function parseCommandLine(words: readonly string[], readText?: ReadText): ConfigLine[] {
  const lines: ConfigLine[] = [];
  let at = 0, end = words.length;
  if (words.length > 0 && !words[0].startsWith("-")) {
    lines.push(...readConfigFile(words[0], readText));
    at = 1;
  }
  if (end > at && words[end - 1] === "-") {
    lines.push(...readConfigFile("-", readText));
    end--;
  }
  while (at < end) {
    const option = words[at++];
    if (!option.startsWith("--") || option === "--") {
      throw new ConfigError(`'${option}' ${WHERE} is not a setting: write --name value`);
    }
    const first = at;
    while (at < end && !words[at].startsWith("--")) at++;
    const { name, values } = splitOption(option.slice(2), words.slice(first, at));
    if (name.toLowerCase() !== "include") {
      lines.push({ name, words: values, where: WHERE });
    } else if (values.length === 1) {
      lines.push(...readConfigFile(values[0], readText));
    } else {
      throw new ConfigError(`'include' ${WHERE} takes one file`);
    }
  }
  return lines;
}

/** `port`, `port=7000`, and `port 7000` quoted into one word by the shell. */
function splitOption(
  option: string,
  following: readonly string[],
): { name: string; values: readonly string[] } {
  const equals = /^([^\s=]+)=(.*)$/s.exec(option);
  if (equals !== null) return { name: equals[1], values: [equals[2], ...following] };
  if (/\s/.test(option)) {
    const [name, ...values] = splitLine(option, WHERE);
    return { name, values: [...values, ...following] };
  }
  return { name: option, values: following };
}
