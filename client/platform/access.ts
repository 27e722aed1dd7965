/** What the runtime lets a program do only where whoever starts it has said so. */

import type { Endpoint } from "../endpoint.ts";

export interface Access {
  /**
   * What is missing on the way to a server and what to do about it, in one line; undefined when all
   * is well. Where somebody sits at the terminal, a runtime that asks does so.
   */
  missing(endpoint: Endpoint): Promise<string | undefined>;
  /**
   * The options that the client must be started with to keep a file in the home directory, as a
   * sentence lists them; undefined where it takes none.
   */
  readonly homeOptions: string | undefined;
}
