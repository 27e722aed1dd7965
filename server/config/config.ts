/**
 * One server's configuration: typed fields to read (see settings.ts), and the textual view that
 * CONFIG GET, SET and REWRITE, the command line and configuration files share. A change is staged
 * first and committed only when every part of it is good, so that CONFIG SET is all or nothing:
 *
 *     stage all ─▶ commit all ─▶ apply what changed ─▶ tell the listeners
 *         │                            │ refused
 *         ▼                            ▼
 *       error               put all back, apply again, error
 *
 * Names and values are byte strings.
 */

import { diskFiles } from "./disk_files.ts";
import {
  type ByteString,
  byteStringOfText,
  textOfByteString,
} from "../../structures/bytes/byte_string.ts";
import { assert } from "../../structures/assert.ts";
import { MAX_SETTING_BYTES } from "./capacity.ts";
import { readCommandLine } from "./command_line.ts";
import { ConfigError, Problems, shown } from "./config_error.ts";
import { type ConfigLine, ConfigReader, splitLine } from "./config_file.ts";
import type { ConfigFiles } from "./config_files.ts";
import type { Directive, StagedValue } from "./directive.ts";
import { DIRECTIVES_BY_NAME } from "./directives.ts";
import { isFileOnly, refusalOf } from "./file_only.ts";
import { nameMatcher } from "./name_glob.ts";
import { rewriteFile } from "./rewrite.ts";
import { Settings } from "./settings.ts";
import { InvalidValueError, upToNul } from "./value_type.ts";

export { ConfigError };

type ChangeListener = (config: Config) => void;

/** Redis's error reply, or undefined where a change was made. */
type Refusal = ByteString | undefined;

/** Puts settings into effect; a text says why that cannot be. */
type Applier = () => string | undefined | Promise<string | undefined>;

/** Settings that are being changed. */
interface Change {
  readonly directives: readonly Directive[];
  readonly putBack: readonly (() => void)[];
  /** Each with the name of the first setting that it is about. */
  readonly appliers: readonly (readonly [apply: Applier, name: string])[];
}

/** Settings by name: one text as CONFIG SET takes it, or several words (or repeated values). */
export type DirectiveRecord = Readonly<Record<string, string | readonly string[]>>;

export class Config extends Settings {
  /** The configuration file as named on the command line; empty when there was none. */
  file = "";
  /** The users that the files and the command line define, unread: words behind `user`. */
  readonly userDefinitions: ConfigLine[] = [];
  /** Which commands have other names, or none: an old and a new name each. */
  readonly renamedCommands: ConfigLine[] = [];
  /** The users as lines of a configuration file, for CONFIG REWRITE; left out, their lines stay. */
  userLines: (() => readonly ByteString[]) | undefined;
  #files: ConfigFiles = diskFiles;
  /** What CONFIG GET shows, by directive: keeps the digits that a number field may round. */
  readonly #texts = new Map<Directive, ByteString>();
  /** Those that a file or the command line has named. */
  readonly #given = new Set<Directive>();
  /** Grows with each change by {@linkcode Config.setAll}. */
  edition = 0;
  readonly #listeners = new Map<Directive, Set<ChangeListener>>();
  readonly #appliers = new Map<Directive, Set<Applier>>();
  /** The change that is being applied, while that takes time. */
  #underWay: Promise<Refusal> | undefined;

  /**
   * Reads the words after `serve`: an optional file, then `--name value…`. Later settings win.
   *
   * @throws {ConfigError} which tells all that is wrong
   */
  static parse(words: readonly string[], files: ConfigFiles = diskFiles): Config {
    const config = new Config();
    config.#files = files;
    if (words.length > 0 && !words[0].startsWith("-")) config.file = words[0];
    const problems = new Problems();
    const reader = new ConfigReader(files, problems);
    readCommandLine(words, reader);
    for (const line of reader.lines) config.#load(line, problems);
    problems.throwIfAny();
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
   * setting as it is.
   *
   * @throws {ConfigError} which tells all that is wrong
   */
  assign(directives: DirectiveRecord): void {
    const problems = new Problems();
    for (const [name, value] of Object.entries(directives)) {
      const words = (typeof value === "string" ? [value] : value).map(byteStringOfText);
      if (words.length === 0) continue;
      this.#load({ name: byteStringOfText(name), words, where: "in the options" }, problems);
    }
    problems.throwIfAny();
  }

  /**
   * Names and values of the settings that match any of the glob patterns, each once. A pattern
   * without wildcards answers under the name as asked for. O(settings × patterns).
   */
  get(...patterns: readonly ByteString[]): Map<ByteString, ByteString> {
    const found = new Map<ByteString, ByteString>();
    const asked = new Set<string>();
    const add = (shownName: string, key: string, directive: Directive) => {
      if (asked.has(key)) return;
      asked.add(key);
      found.set(shownName, this.#text(directive));
    };
    for (const pattern of patterns) {
      // Redis looks for wildcards up to the first NUL, and for a name in all of it.
      if (!/[*?[]/.test(upToNul(pattern))) {
        const key = pattern.toLowerCase();
        const directive = DIRECTIVES_BY_NAME.get(key);
        if (directive !== undefined) add(pattern, key, directive);
        continue;
      }
      const matches = nameMatcher(pattern);
      for (const [name, directive] of DIRECTIVES_BY_NAME) {
        if (!directive.hidden && matches(name)) add(name, name, directive);
      }
    }
    return found;
  }

  /** Changes one setting that takes effect at once; see setAll. */
  set(name: ByteString, value: ByteString): Refusal {
    const outcome = this.setAll([name, value]);
    assert(!(outcome instanceof Promise), `${name} takes effect at once`);
    return outcome;
  }

  /**
   * CONFIG SET: name, value, name, value, … Either all of them take effect, and then listeners
   * hear of it, or none does. `mayChangeProtected` is what enable-protected-configs says about the
   * one who asks. Returns Redis's error reply, or undefined when all is done; a promise of it, which
   * never rejects, where that takes time, as listening elsewhere does. What is to be changed
   * meanwhile waits for its turn.
   */
  setAll(
    namesAndValues: readonly ByteString[],
    mayChangeProtected: boolean = false,
  ): Refusal | Promise<Refusal> {
    if (this.#underWay !== undefined) {
      return this.#underWay.then(() => this.setAll(namesAndValues, mayChangeProtected));
    }
    if (namesAndValues.length % 2 !== 0) return "ERR syntax error";
    const directives: Directive[] = [];
    const values: ByteString[] = [];
    const names = new Set<string>();
    for (let i = 0; i < namesAndValues.length; i += 2) {
      const asked = upToNul(namesAndValues[i]);
      const name = namesAndValues[i].toLowerCase();
      const directive = DIRECTIVES_BY_NAME.get(name);
      if (directive === undefined) {
        return `ERR Unknown option or number of arguments for CONFIG SET - '${asked}'`;
      }
      if (!directive.mutable) {
        // Scripts that set whatever CONFIG GET answers leave out what Redis would refuse.
        if (directive.takesItself && namesAndValues[i + 1] === this.#text(directive)) continue;
        return setError(asked, "can't set immutable config");
      }
      if (directive.isProtected && !mayChangeProtected) {
        return setError(asked, "can't set protected config");
      }
      if (names.has(name)) return setError(asked, "duplicate parameter");
      names.add(name);
      directives.push(directive);
      values.push(namesAndValues[i + 1]);
    }
    // An alias is named as it was used, though in its own case.
    const namesUsed = [...names];
    const staged: StagedValue[] = [];
    for (let i = 0; i < directives.length; i++) {
      try {
        const words = cutAtSpaces(directives[i], values[i]);
        staged.push(directives[i].stage(words, this, false));
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        return setError(namesUsed[i], error.message);
      }
    }
    return this.#take(directives, staged, namesUsed);
  }

  /** Commits and applies; where an applier refuses, puts all back and answers the error. */
  #take(
    directives: readonly Directive[],
    staged: readonly StagedValue[],
    names: readonly string[],
  ): Refusal | Promise<Refusal> {
    this.edition++;
    const putBack = directives.map((directive) => this.#keep(directive));
    const appliers = new Map<Applier, string>();
    directives.forEach((directive, i) => {
      const changed = directive.refersToFile || staged[i].text !== this.#text(directive);
      this.#commit(directive, staged[i]);
      if (!changed) return;
      for (const apply of this.#appliers.get(directive) ?? []) {
        if (!appliers.has(apply)) appliers.set(apply, names[i]);
      }
    });
    const outcome = this.#apply({ directives, putBack, appliers: [...appliers] }, 0);
    if (!(outcome instanceof Promise)) return outcome;
    return this.#underWay = outcome.finally(() => this.#underWay = undefined);
  }

  /** Has the appliers from number `from` on do their part, and then the listeners. */
  #apply(change: Change, from: number): Refusal | Promise<Refusal> {
    for (let i = from; i < change.appliers.length; i++) {
      const [apply, name] = change.appliers[i];
      const refusal = apply();
      if (refusal instanceof Promise) {
        return refusal.then((late) =>
          late === undefined ? this.#apply(change, i + 1) : this.#revert(change, name, late)
        );
      }
      if (refusal !== undefined) return this.#revert(change, name, refusal);
    }
    const listeners = new Set<ChangeListener>();
    for (const directive of change.directives) {
      for (const listener of this.#listeners.get(directive) ?? []) listeners.add(listener);
    }
    for (const listener of listeners) listener(this);
    return undefined;
  }

  /** Puts all back, and answers the error. */
  #revert(change: Change, name: string, refusal: string): Refusal | Promise<Refusal> {
    for (const undo of change.putBack.toReversed()) undo();
    // Each finds what it has found before; that there is nothing left to complain to is nobody's fault.
    const again = change.appliers.map(([apply]) => apply());
    const error = setError(name, refusal);
    return again.some((late) => late instanceof Promise)
      ? Promise.all(again).then(() => error)
      : error;
  }

  /**
   * Calls `listener` once after each CONFIG SET that names one of the settings. Returns what ends
   * the subscription.
   */
  onChange(names: string | readonly string[], listener: ChangeListener): () => void {
    return subscribe(this.#listeners, names, listener);
  }

  /**
   * Calls `apply` once after each CONFIG SET that changed one of the settings, before listeners hear
   * of it. A text that it returns, or that its promise resolves to, refuses the change: all settings
   * of that CONFIG SET go back, their appliers run again, and the text is in the error. A promise must
   * not reject. Returns what ends the subscription.
   */
  onApply(names: string | readonly string[], apply: Applier): () => void {
    return subscribe(this.#appliers, names, apply);
  }

  /**
   * The settings that were given another value than their default, though they have no effect in
   * this version. O(settings).
   */
  withoutEffect(): string[] {
    const names = [...this.#texts.keys()].filter((directive) =>
      !directive.hasEffect && this.#text(directive) !== this.#initialText(directive)
    );
    return names.map(({ name }) => name).sort();
  }

  /**
   * CONFIG REWRITE: the file says what the settings are now, with its comments and its order kept.
   * Returns the error reply, or undefined when it is done.
   *
   * @param withDefaults whether settings that have their default are added too
   */
  rewrite(withDefaults: boolean = false): ByteString | undefined {
    if (this.file === "") return "ERR The server is running without a config file";
    const linesFor = (directive: Directive) => {
      const lines = this.#fileLines(directive);
      return withDefaults ? lines?.map(({ words }) => ({ words, added: true })) : lines;
    };
    return rewriteFile(this.file, this.#files, { linesFor, userLines: this.userLines?.() });
  }

  #fileLines(directive: Directive) {
    if (directive.name !== "dir") return directive.fileLines(this, this.#text(directive));
    const text = this.#text(directive);
    // Where the working directory may not be asked for, the file keeps what it says.
    return text.startsWith("/") ? directive.fileLines(this, text) : undefined;
  }

  /** Where a file is that a setting names: relative paths begin at `dir`. */
  pathOf(path: string): string {
    const directory = textOfByteString(this.#textOf("dir"));
    if (path.startsWith("/") || /^\.?\/*$/.test(directory)) return path;
    return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
  }

  #textOf(name: string): ByteString {
    return this.#text(DIRECTIVES_BY_NAME.get(name)!);
  }

  #text(directive: Directive): ByteString {
    const text = this.#texts.get(directive) ?? directive.print(this);
    return directive.name === "dir" ? this.#absolute(text) : text;
  }

  #initialText(directive: Directive): ByteString {
    const { initialText } = directive;
    return directive.name === "dir" ? this.#absolute(initialText) : initialText;
  }

  /** A directory as Redis shows it: from the root on, where that can be known. */
  #absolute(path: ByteString): ByteString {
    const from = path.startsWith("/") ? undefined : this.#files.workingDirectory();
    if (from === undefined) return path;
    const inside = path.replace(/^(\.\/+)*\.?\/*|\/+$/g, "");
    return byteStringOfText(from) + (inside === "" ? "" : "/" + inside);
  }

  #keep(directive: Directive): () => void {
    const text = this.#texts.get(directive);
    const putBack = directive.keep(this);
    return () => {
      putBack();
      if (text === undefined) this.#texts.delete(directive);
      else this.#texts.set(directive, text);
    };
  }

  #commit(directive: Directive, value: StagedValue): void {
    value.commit(this);
    this.#texts.set(directive, value.text);
  }

  /** Takes a directive of a file, the command line or the options. */
  #load(line: ConfigLine, problems: Problems): void {
    const name = line.name.toLowerCase();
    const directive = DIRECTIVES_BY_NAME.get(name);
    const place = `setting '${shown(line.name)}' ${line.where}`;
    if (name === "user") {
      // Which commands their rules may be about is known when the server starts.
      this.userDefinitions.push(line);
      return;
    }
    if (name === "rename-command") {
      if (line.words.length === 2) this.renamedCommands.push(line);
      else problems.add(`${place}: it takes the name of a command and another one, or ""`);
      return;
    }
    if (directive === undefined) {
      if (!isFileOnly(name)) {
        problems.add(`unknown ${place}; "serve --help" lists the settings`);
        return;
      }
      const refusal = refusalOf(name, line.words);
      if (refusal !== undefined) problems.add(`${place}: ${refusal}`);
      return;
    }
    try {
      const words = wordsOf(directive, line.words);
      this.#commit(directive, directive.stage(words, this, this.#given.has(directive)));
      this.#given.add(directive);
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      problems.add(`${place}: ${error.message} (it takes: ${directive.form})`);
    }
  }
}

/** The words of one text, cut at each single space where a setting takes several. */
function cutAtSpaces(directive: Directive, text: ByteString): readonly ByteString[] {
  if (text.length > MAX_SETTING_BYTES) {
    throw new InvalidValueError(`argument must be at most ${MAX_SETTING_BYTES} bytes long`);
  }
  if (!directive.cutsAtSpaces) return [text];
  return text === "" ? [] : text.split(" ");
}

/**
 * The words that a line has for its setting; a single one may be several in one pair of quotes. As on
 * Redis there may be none where several are taken, but for bind, which has to name something.
 */
function wordsOf(directive: Directive, words: readonly ByteString[]): readonly ByteString[] {
  const isNothing = words.length === 0 || words.length === 1 && words[0] === "";
  const needsWords = directive.name === "bind" ||
    words.length === 0 && !(directive.multipleWords && directive.cutsAtSpaces);
  if (isNothing && needsWords) {
    throw new InvalidValueError("wrong number of arguments");
  }
  if (!directive.multipleWords && words.length > 1) {
    throw new InvalidValueError("wrong number of arguments");
  }
  if (!directive.cutsAtSpaces || words.length !== 1 || isNothing) return words;
  const cut = splitLine(words[0]);
  if (cut === undefined) throw new InvalidValueError("unbalanced quotes");
  return cut;
}

function subscribe<T>(
  subscribers: Map<Directive, Set<T>>,
  names: string | readonly string[],
  subscriber: T,
): () => void {
  const sets = [names].flat().map((name) => {
    const directive = DIRECTIVES_BY_NAME.get(name);
    if (directive === undefined) throw new RangeError(`no such setting: ${name}`);
    const set = subscribers.get(directive) ?? new Set();
    subscribers.set(directive, set);
    set.add(subscriber);
    return set;
  });
  return () => {
    for (const set of sets) set.delete(subscriber);
  };
}

function setError(name: ByteString, reason: string): ByteString {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}
