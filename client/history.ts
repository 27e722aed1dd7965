/**
 * Lines from earlier sessions, in a file of the home directory. Where the runtime wants to be asked
 * for that, and was not told beforehand, they are kept in memory only: the client never asks for it.
 */

import { kindOf } from "./platform/failures.ts";
import { home } from "./platform/platform.ts";

/** Lines that are kept. */
export const HISTORY_LINES = 1000;

const FILE_NAME = ".ravel_history";

/** Lines that carry a password. */
const SECRET = new RegExp(
  [
    "^\\s*auth\\b",
    "^\\s*acl\\s+setuser\\b",
    "^\\s*config\\s+set\\b.*(requirepass|masterauth|masteruser)",
    "^\\s*(hello|migrate)\\b.*\\bauth2?\\b",
  ].join("|"),
  "i",
);

/** Whether a line may be remembered. */
export function mayKeep(line: string): boolean {
  return line.trim() !== "" && !SECRET.test(line);
}

export class History {
  /** The newest first. */
  readonly lines: readonly string[];
  readonly #path: string | undefined;

  private constructor(path: string | undefined, lines: readonly string[]) {
    this.#path = path;
    this.lines = lines;
  }

  /** Reads the history file, if that is allowed and possible. */
  static load(): History {
    const path = home.pathOf(FILE_NAME);
    if (path === undefined) return new History(undefined, []);
    let lines: string[] = [];
    try {
      lines = home.read(path).split("\n").filter((line) => line !== "");
      if (lines.length > HISTORY_LINES * 2) {
        lines = lines.slice(-HISTORY_LINES);
        home.replace(path, `${lines.join("\n")}\n`);
      }
    } catch (error) {
      if (kindOf(error) !== "notFound") return new History(undefined, []);
    }
    return new History(path, lines.slice(-HISTORY_LINES).reverse());
  }

  /** Adds a line to the file, if there is one. */
  add(line: string): void {
    if (this.#path === undefined || !mayKeep(line)) return;
    try {
      home.append(this.#path, `${line}\n`);
    } catch {
      // A full disk is no reason to end a session.
    }
  }
}
