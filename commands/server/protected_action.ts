/** Who may do what is dangerous: DEBUG, and CONFIG SET of where files are written. */

import { isLoopback } from "../../server/clients/loopback.ts";
import type { ActionSource } from "../../server/config/settings.ts";
import type { Call } from "../../server/execution/call.ts";

/** Whether a setting of who may do something lets this client do it. */
export function mayAct(source: ActionSource, { client }: Call): boolean {
  switch (source) {
    case "yes":
      return true;
    case "no":
      return false;
    case "local":
      return isLoopback(client.address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
  }
}
