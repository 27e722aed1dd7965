// One server's configuration: typed fields to read (see settings.ts), and the textual view that
// CONFIG GET and CONFIG SET, the command line and configuration files share. A change is staged
// first and committed only when every part of it is good, so that CONFIG SET is all or nothing.

import { parseCommandLine } from "./command_line.ts";
import { ConfigError } from "./config_error.ts";
import type { ConfigLine, ReadText } from "./config_file.ts";
import { type Directive, DIRECTIVES_BY_NAME, type StagedValue } from "./directives.ts";
import { matchesName } from "./name_glob.ts";
import { Settings } from "./settings.ts";
import { InvalidValueError } from "./value_types.ts";

export { ConfigError };

export type ChangeListener = (config: Config) => void;

/** Settings by name: one text as CONFIG SET takes it, or several words (or repeated values). */
export type DirectiveRecord = Readonly<Record<string, string | readonly string[]>>;

export class Config extends Settings {
  /** The configuration file as named on the command line; empty when there was none. */
  file = "";
  /** What CONFIG GET shows, by directive: keeps the digits that a number field may round. */
  readonly #texts = new Map<Directive, string>();
  readonly #listeners = new Map<Directive, Set<ChangeListener>>();

  /**
   * Reads the words after `serve`: an optional file, then `--name value…`. Later settings win.
   * Throws ConfigError.
   */
  static parse(words: readonly string[], readText?: ReadText): Config {
    const config = new Config();
    if (words.length > 0 && !words[0].startsWith("-")) config.file = words[0];
    for (const line of parseCommandLine(words, readText)) config.#apply(line);
    return config;
  }

  /** A configuration from settings given by name. Throws ConfigError. */
  static from(directives: DirectiveRecord): Config {
    const config = new Config();
    config.assign(directives);
    return config;
  }

  /**
   * Adds settings given by name, those that are fixed at start-up too; an empty list leaves its
   * setting as it is. Throws ConfigError.
   */
  assign(directives: DirectiveRecord): void {
    for (const [name, value] of Object.entries(directives)) {
      const words = typeof value === "string" ? [value] : value;
      if (words.length === 0) continue;
      this.#apply({ name, words, where: "in the options" });
    }
  }

  /**
   * Names and values of the settings that match any of the glob patterns, each once. A pattern
   * without wildcards answers under the name as asked for. O(settings × patterns).
   */
  get(...patterns: readonly string[]): Map<string, string> {
    const found = new Map<string, string>();
    const asked = new Set<string>();
    const add = (shownName: string, key: string) => {
      const directive = DIRECTIVES_BY_NAME.get(key);
      if (directive === undefined || asked.has(key)) return;
      asked.add(key);
      found.set(shownName, this.#text(directive));
    };
    for (const pattern of patterns) {
      if (!/[*?[]/.test(pattern)) {
        add(pattern, pattern.toLowerCase());
        continue;
      }
      for (const name of DIRECTIVES_BY_NAME.keys()) {
        if (matchesName(pattern, name)) add(name, name);
      }
    }
    return found;
  }

  /** Changes one setting; see setAll. */
  set(name: string, value: string): string | undefined {
    return this.setAll([name, value]);
  }

  /**
   * CONFIG SET: name, value, name, value, … Either all of them take effect, and then listeners
   * hear of it, or none does. Returns Redis's error reply, or undefined when all is done.
   */
  setAll(namesAndValues: readonly string[]): string | undefined {
    if (namesAndValues.length % 2 !== 0) return "ERR syntax error";
    const directives: Directive[] = [];
    const names = new Set<string>();
    for (let i = 0; i < namesAndValues.length; i += 2) {
      const asked = namesAndValues[i];
      const name = asked.toLowerCase();
      const directive = DIRECTIVES_BY_NAME.get(name);
      if (directive === undefined) {
        return `ERR Unknown option or number of arguments for CONFIG SET - '${asked}'`;
      }
      if (!directive.mutable) return setError(asked, "can't set immutable config");
      if (names.has(name)) return setError(asked, "duplicate parameter");
      names.add(name);
      directives.push(directive);
    }
    const staged: StagedValue[] = [];
    for (let i = 0; i < directives.length; i++) {
      try {
        staged.push(directives[i].stage(wordsOf(directives[i], namesAndValues[2 * i + 1]), this));
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        // An alias is named as it was used, though in its own case.
        return setError(namesAndValues[2 * i].toLowerCase(), error.message);
      }
    }
    staged.forEach((value, i) => this.#commit(directives[i], value));
    for (const directive of new Set(directives)) {
      for (const listener of this.#listeners.get(directive) ?? []) listener(this);
    }
    return undefined;
  }

  /** Calls `listener` after each CONFIG SET of that setting. Returns what ends the subscription. */
  onChange(name: string, listener: ChangeListener): () => void {
    const directive = DIRECTIVES_BY_NAME.get(name);
    if (directive === undefined) throw new RangeError(`no such setting: ${name}`);
    const listeners = this.#listeners.get(directive) ?? new Set();
    this.#listeners.set(directive, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #text(directive: Directive): string {
    return this.#texts.get(directive) ?? directive.print(this);
  }

  #commit(directive: Directive, value: StagedValue): void {
    value.commit(this);
    this.#texts.set(directive, value.text);
  }

  #apply(line: ConfigLine): void {
    const directive = DIRECTIVES_BY_NAME.get(line.name.toLowerCase());
    if (directive === undefined) {
      throw new ConfigError(
        `unknown setting '${line.name}' ${line.where}; "serve --help" lists the settings`,
      );
    }
    try {
      const { words } = line;
      if (words.length === 0 || (words.length > 1 && !directive.multipleWords)) {
        throw new InvalidValueError("wrong number of arguments");
      }
      const values = words.length === 1 ? wordsOf(directive, words[0]) : words;
      this.#commit(directive, directive.stage(values, this));
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      throw new ConfigError(
        `setting '${line.name}' ${line.where}: ${error.message} (it takes: ${directive.form})`,
      );
    }
  }
}

/** The words in one text: cut at each single space where a setting takes several. */
function wordsOf(directive: Directive, text: string): readonly string[] {
  if (!directive.cutsAtSpaces) return [text];
  return text === "" ? [] : text.split(" ");
}

function setError(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}
