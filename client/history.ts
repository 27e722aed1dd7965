/**
 * Lines from earlier sessions. They are kept in memory only, unless the client was started with
 * access to the home directory's history file; it never asks for that.
 */

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
  static async load(): Promise<History> {
    const path = await allowedPath();
    if (path === undefined) return new History(undefined, []);
    let lines: string[] = [];
    try {
      lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
      if (lines.length > HISTORY_LINES * 2) {
        lines = lines.slice(-HISTORY_LINES);
        await Deno.writeTextFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return new History(undefined, []);
    }
    return new History(path, lines.slice(-HISTORY_LINES).reverse());
  }

  /** Adds a line to the file, if there is one. */
  add(line: string): void {
    if (this.#path === undefined || !mayKeep(line)) return;
    try {
      Deno.writeTextFileSync(this.#path, `${line}\n`, { append: true, mode: 0o600 });
    } catch {
      // A full disk is no reason to end a session.
    }
  }
}

/** The file's path where all permissions that it takes have been given already. */
async function allowedPath(): Promise<string | undefined> {
  const variable = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  if (!await granted({ name: "env", variable })) return undefined;
  const home = Deno.env.get(variable);
  if (home === undefined || home === "") return undefined;
  const path = `${home}/${FILE_NAME}`;
  const allowed = await granted({ name: "read", path }) && await granted({ name: "write", path });
  return allowed ? path : undefined;
}

async function granted(permission: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(permission)).state === "granted";
}
