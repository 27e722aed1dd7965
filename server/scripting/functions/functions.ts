/**
 * The functions of a server: its libraries, and what changes them.
 *
 * ```
 * FUNCTION LOAD ──▶ header ──▶ loader runs the text ──▶ Library ──▶ put: the whole of it, or an error
 * FUNCTION RESTORE ──▶ each text of the dump, likewise, into a registry beside ──▶ join, or an error
 * FCALL ──▶ find ──▶ a program, which Scripting runs
 * ```
 */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import { Libraries } from "./libraries.ts";
import { Library, type LibraryFunction, type Registration } from "./library.ts";
import { LibraryDumps } from "./library_dump.ts";
import { readLibraryHeader } from "./library_header.ts";

/** Runs the text of a library, so that it registers its functions. */
export interface LibraryLoader {
  /** @param lua the text behind the first line. @throws {ErrorReply} where it fails */
  load(lua: ByteString): readonly Registration[];
}

/** What becomes of the libraries that are there when others are restored. */
export type RestorePolicy = "append" | "replace" | "flush";

export class Functions {
  #libraries = new Libraries();
  readonly #loader: LibraryLoader;
  #madeDumps: LibraryDumps | undefined;

  constructor(loader: LibraryLoader) {
    this.#loader = loader;
  }

  get #dumps(): LibraryDumps {
    return this.#madeDumps ??= new LibraryDumps();
  }

  /** The libraries that there are; another object after some changes. */
  get libraries(): Libraries {
    return this.#libraries;
  }

  /** The function that argument `i` names, in any case. O(length), no allocation. */
  find(args: Arguments, i: number): LibraryFunction | undefined {
    return this.#libraries.functions.at(args.bytes, args.start(i), args.length(i));
  }

  /**
   * Loads a library.
   *
   * @param replaces whether it may take the place of one with its name
   * @returns its name
   * @throws {ErrorReply} where it fails; nothing has changed then
   */
  load(code: ByteString, replaces: boolean): ByteString {
    return this.#loadInto(this.#libraries, code, replaces);
  }

  #loadInto(libraries: Libraries, code: ByteString, replaces: boolean): ByteString {
    const { name, end } = readLibraryHeader(code);
    if (!replaces && libraries.has(name)) {
      throw new ErrorReply(`ERR Library '${name}' already exists`);
    }
    const registrations = this.#loader.load(code.slice(end));
    if (registrations.length === 0) throw new ErrorReply("ERR No functions registered");
    libraries.put(new Library(name, code, registrations));
    return name;
  }

  /** Takes a library away. @returns whether it was there */
  delete(name: ByteString): boolean {
    return this.#libraries.delete(name);
  }

  flush(): void {
    this.#libraries = new Libraries();
  }

  /**
   * The dump of all libraries, valid until {@linkcode Functions.releaseDump}, which must follow. O(bytes).
   *
   * @param compresses whether texts are compressed
   */
  dump(compresses: boolean): ByteView {
    return this.#dumps.write(this.#texts(), compresses);
  }

  *#texts(): Generator<ByteString> {
    for (const { code } of this.#libraries) yield code;
  }

  releaseDump(): void {
    this.#dumps.release();
  }

  /**
   * Loads the libraries of a dump, `bytes[start, start + length)`.
   *
   * @throws {ErrorReply} where it is none, or a library fails; nothing has changed then
   */
  restore(bytes: Uint8Array, start: number, length: number, policy: RestorePolicy): void {
    const restored = new Libraries();
    try {
      for (const code of this.#dumps.read(bytes, start, length)) {
        this.#loadInto(restored, code, false);
      }
    } finally {
      this.#dumps.release();
    }
    if (policy === "flush") this.#libraries = restored;
    else this.#libraries.join(restored, policy === "replace");
  }
}
