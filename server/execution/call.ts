/**
 * A call as a command is handed it: a frame, with all that commands may use of the server. What runs
 * commands knows frames alone, so that the services of a server can be written in terms of them.
 */

import type { ServerContext } from "../context.ts";
import type { Frame } from "./frame.ts";

export type Call = Frame<ServerContext>;
