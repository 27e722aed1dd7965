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
}

export function clientsSection({ clients, config }: ClientsSources): InfoSection {
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
      ];
    },
  };
}
