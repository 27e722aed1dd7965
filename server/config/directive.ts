/**
 * A row of the table of settings: Redis's name, its kind and range, who may change it when, and what
 * it does. Parsing, CONFIG GET, SET and REWRITE, the help text and the documentation all read these
 * rows.
 *
 * A setting that has an effect here fills a field of Settings. One that has none is known all the
 * same, so that Redis's files start this server and its tools find what they ask for; it is checked
 * as Redis checks it, kept beside the fields, and named in a warning.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { Settings } from "./settings.ts";
import type { FileLine, ValueType } from "./value_type.ts";

/** A value that was read and found good, to be put in place once all its companions are good too. */
export interface StagedValue {
  readonly text: ByteString;
  commit(settings: Settings): void;
}

export interface Directive {
  readonly name: string;
  /** Other names of the same setting, older ones of Redis. */
  readonly aliases: readonly string[];
  /** Whether CONFIG SET may change it. */
  readonly mutable: boolean;
  /** Whether, where it may not, it takes the value that it has: scripts do not know Ravel's own. */
  readonly takesItself: boolean;
  /** Whether enable-protected-configs decides who may do so. */
  readonly isProtected: boolean;
  /** Whether CONFIG GET leaves it out unless it is asked for by its whole name. */
  readonly hidden: boolean;
  readonly hasEffect: boolean;
  /** Whether the value names something that may be another by now, so that it is applied each time. */
  readonly refersToFile: boolean;
  readonly multipleWords: boolean;
  readonly cutsAtSpaces: boolean;
  /** The values it takes, for help and documentation. */
  readonly form: string;
  /** Empty for those without effect. */
  readonly description: string;
  /** The default as CONFIG GET shows it. */
  readonly initialText: ByteString;
  /** What CONFIG GET shows for the value that `settings` holds. */
  print(settings: Settings): ByteString;
  /** Reads a value without changing anything; throws InvalidValueError. See ValueType for `again`. */
  stage(words: readonly ByteString[], settings: Settings, again: boolean): StagedValue;
  /** Remembers the present value; the function puts it back. */
  keep(settings: Settings): () => void;
  /** The lines of the present value for a file; `text` is what CONFIG GET shows. */
  fileLines(settings: Settings, text: ByteString): readonly FileLine[];
}

interface DirectiveOptions {
  readonly aliases?: readonly string[];
  /** Settled at start-up: CONFIG SET refuses it. */
  readonly fixed?: boolean;
  readonly takesItself?: boolean;
  readonly isProtected?: boolean;
  readonly hidden?: boolean;
  readonly refersToFile?: boolean;
}

/** For settings that are settled at start-up. */
export const atStart: DirectiveOptions = { fixed: true };
/** The same, for settings that Redis does not have. */
export const ownAtStart: DirectiveOptions = { fixed: true, takesItself: true };

/** Where a setting's value is. */
interface Slot<V> {
  get(settings: Settings): V;
  set(settings: Settings, value: V): void;
}

function build<V>(
  name: string,
  type: ValueType<V>,
  initial: V,
  slot: Slot<V>,
  description: string,
  options: DirectiveOptions,
): Directive {
  return {
    name,
    aliases: options.aliases ?? [],
    mutable: options.fixed !== true,
    takesItself: options.takesItself === true,
    isProtected: options.isProtected === true,
    hidden: options.hidden === true,
    hasEffect: description !== "",
    refersToFile: options.refersToFile === true,
    multipleWords: type.multipleWords,
    cutsAtSpaces: type.cutsAtSpaces,
    form: type.form,
    description,
    initialText: type.print(initial),
    print: (settings) => type.print(slot.get(settings)),
    stage(words, settings, again) {
      const { value, text } = type.parse(words, slot.get(settings), again);
      return { text, commit: (target) => slot.set(target, value) };
    },
    keep(settings) {
      const value = slot.get(settings);
      return () => slot.set(settings, value);
    },
    fileLines: (settings, text) => type.fileLines({ value: slot.get(settings), text }, initial),
  };
}

/** A setting with a field, whose initial value is the default; without effect if not described. */
export function directive<K extends keyof Settings>(
  defaults: Settings,
  name: string,
  field: K,
  type: ValueType<Settings[K]>,
  description: string,
  options: DirectiveOptions = {},
): Directive {
  const slot: Slot<Settings[K]> = {
    get: (settings) => settings[field],
    set(settings, value) {
      settings[field] = value;
    },
  };
  return build(name, type, defaults[field], slot, description, options);
}

/** A setting of Redis that has no effect here, with its default. */
export function withoutEffect<V>(
  name: string,
  type: ValueType<V>,
  initial: V,
  options: DirectiveOptions = {},
): Directive {
  const values = new WeakMap<Settings, { readonly value: V }>();
  const slot: Slot<V> = {
    get(settings) {
      const kept = values.get(settings);
      return kept === undefined ? initial : kept.value;
    },
    set: (settings, value) => values.set(settings, { value }),
  };
  return build(name, type, initial, slot, "", options);
}
