/** INFO's section about the databases that hold keys. */

import type { InfoSection } from "./info_section.ts";

/** What the section reads. */
export interface KeyspaceSources {
  readonly keyspace: {
    readonly databases: readonly {
      readonly index: number;
      readonly size: number;
      readonly expiringCount: number;
      readonly fieldExpiringCount: number;
      averageTtlMs(): number;
    }[];
  };
}

export function keyspaceSection({ keyspace }: KeyspaceSources): InfoSection {
  return {
    title: "Keyspace",
    fields: () =>
      keyspace.databases.filter(({ size }) => size > 0).map((database) => [
        `db${database.index}`,
        `keys=${database.size},expires=${database.expiringCount},` +
        `avg_ttl=${database.averageTtlMs()}${subexpiryOf(database.fieldExpiringCount)}`,
      ]),
  };
}

/** Redis 7.2 does not know it, and exporters take whatever is fourth for something else. */
function subexpiryOf(hashes: number): string {
  return hashes === 0 ? "" : `,subexpiry=${hashes}`;
}
