/** How a server for tests is to be. */

import type { AnyDeclaration } from "../commands/registry.ts";

/** Whatever is left out is as a test wants it: a free port of this machine, silence, the time as it is. */
export interface ServeOptions {
  /** The address to listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** The port to listen on; any free one unless told otherwise. */
  readonly port?: number;
  /**
   * Whether it listens at all. Without that, {@linkcode TestServer.connect} is the only way to it, and
   * it needs no leave to use the network.
   */
  readonly listen?: boolean;
  /**
   * Settings by Redis's names, such as `{ maxmemory: "10mb", requirepass: "secret" }`: one text as
   * `CONFIG SET` takes it, or several words.
   */
  readonly directives?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Commands of your own, which this server has and others have not: declarations, or modules that
   * register some, by their paths from the working directory or URLs.
   */
  readonly plugins?: readonly (string | URL | AnyDeclaration)[];
  /**
   * The server's time, in milliseconds since 1970. A number stands still until
   * {@linkcode TestServer.advance} moves it; a function is asked whenever the time is needed. Without
   * it the server asks `Date.now()`, as it is at that moment: where fake timers have taken its place,
   * expiries follow those.
   */
  readonly now?: number | (() => number);
  /** Takes the lines of the server's log; without it the server is silent. */
  readonly onLogLine?: (line: string) => void;
}
