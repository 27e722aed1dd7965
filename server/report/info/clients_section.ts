/** INFO's section about who is connected, and how much they make the server hold. */

import type { InfoSection } from "./info_section.ts";

/** What the section reads. */
export interface ClientsSources {
  readonly clients:
    & Iterable<{
      readonly transport: { readonly inputCapacity: number; readonly outputCapacity: number };
    }>
    & { readonly size: number };
  readonly config: { readonly maxClients: number };
  readonly blocking: {
    readonly waitingClients: number;
    readonly clientsWithDeadline: number;
    readonly awaitedKeys: number;
  };
}

export function clientsSection({ blocking, clients, config }: ClientsSources): InfoSection {
  return {
    title: "Clients",
    fields() {
      let input = 0;
      let output = 0;
      for (const { transport } of clients) {
        input = Math.max(input, transport.inputCapacity);
        output = Math.max(output, transport.outputCapacity);
      }
      return [
        ["connected_clients", clients.size],
        ["maxclients", config.maxClients],
        ["client_recent_max_input_buffer", input],
        ["client_recent_max_output_buffer", output],
        ["blocked_clients", blocking.waitingClients],
        ["clients_in_timeout_table", blocking.clientsWithDeadline],
        ["total_blocking_keys", blocking.awaitedKeys],
        // Nobody can wait for a key to go.
        ["total_blocking_keys_on_nokey", 0],
      ];
    },
  };
}
