/**
 * The words after `serve`: `[FILE] [--directive value …] [-]`. A directive takes all words up to
 * the next one that starts with "--", and the one right behind it whatever that starts with, unless
 * it has what follows "=". A last word "-" reads more directives from standard input. Right behind
 * a file the first directive may lack its dashes, as on Redis. Files are read before the command
 * line's own directives, which so win over them.
 */

import { byteStringOfText } from "../../structures/bytes/byte_string.ts";
import { type ConfigReader, splitLine, unreadable } from "./config_file.ts";
import { DIRECTIVES_BY_NAME } from "./directives.ts";

const WHERE = "on the command line";
/** What the runtime puts in the place of bytes that are no UTF-8: a password would be another one. */
const REPLACEMENT = "\ufffd";

/** Adds to the reader what the words name, in the order in which it applies. */
export function readCommandLine(words: readonly string[], reader: ConfigReader): void {
  let at = 0, end = words.length;
  if (words.length > 0 && !words[0].startsWith("-")) {
    reader.readFile(words[0]);
    at = 1;
  }
  if (end > at && words[end - 1] === "-") {
    reader.readFile("-");
    end--;
  }
  while (at < end) {
    const option = words[at++];
    const first = at;
    if (at < end && takesAnyWord(option)) at++;
    while (at < end && !words[at].startsWith("--")) at++;
    // Each but the first is found by its dashes.
    const isBare = DIRECTIVES_BY_NAME.has(option.toLowerCase());
    if (!isBare && (!option.startsWith("--") || option === "--")) {
      reader.problems.add(`'${option}' ${WHERE} is not a setting: write --name value`);
      continue;
    }
    if (words.slice(first - 1, at).some((word) => word.includes(REPLACEMENT))) {
      const name = /^[^\s=\ufffd]*/.exec(option)![0];
      reader.problems.add(
        `what follows ${name} ${WHERE} is no UTF-8, so it did not come as it was given: ` +
          "write it into a configuration file, where \\xHH in double quotes is any byte",
      );
      continue;
    }
    addOption(isBare ? option : option.slice(2), words.slice(first, at), reader);
  }
}

/**
 * Whether the next word is the option's value even if it starts with "--": it has none yet. Only who
 * gives `--save` none means that.
 */
function takesAnyWord(option: string): boolean {
  if (!option.startsWith("--") || option.includes("=")) return false;
  if (option.toLowerCase() === "--save") return false;
  return splitLine(byteStringOfText(option))?.length === 1;
}

/**
 * `port`, `port=7000`, and `port 7000` quoted into one word by the shell. A `save` with nothing behind
 * it is what is left of one whose empty word was lost.
 */
function addOption(option: string, following: readonly string[], reader: ConfigReader): void {
  const words = following.map(byteStringOfText);
  const equals = /^([^\s=]+)=(.*)$/s.exec(option);
  if (equals !== null) {
    const [, name, value] = equals.map(byteStringOfText);
    reader.add({ name, words: [value, ...words], where: WHERE });
  } else if (/\s/.test(option)) {
    const line = byteStringOfText(option);
    const [name, ...values] = splitLine(line) ?? [];
    if (name === undefined) reader.problems.add(unreadable(line, WHERE));
    else reader.add({ name, words: [...values, ...words], where: WHERE });
  } else {
    if (words.length === 0 && option.toLowerCase() === "save") words.push("");
    reader.add({ name: byteStringOfText(option), words, where: WHERE });
  }
}
