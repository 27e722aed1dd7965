/** INFO's section about the process and the settings that it runs with. */

import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import { secondsClock } from "../../keyspace/access_clock.ts";
import { process } from "../../platform/platform.ts";
import { ravelVersion, redisVersion } from "../../version.ts";
import type { InfoField, InfoSection } from "./info_section.ts";

const SECONDS_PER_DAY = 86_400;

/** Sixteen digits that tell releases apart. */
const BUILD_ID = fingerprint(`ravel ${ravelVersion}`);

/** What the section reads. */
export interface ServerSources {
  readonly config: {
    readonly hz: number;
    readonly file: string;
    readonly bind: readonly string[];
    readonly unixSocket: ByteString;
  };
  readonly keyspace: { readonly nowMs: number };
  readonly lifecycle: {
    readonly runId: string;
    readonly startedAtMs: number;
    readonly addresses: readonly { readonly port: number }[];
    readonly tlsAddresses: readonly { readonly port: number }[];
  };
  now(): number;
}

/** What is listened on, under Redis's numbers: 0 TCP, 1 a Unix socket, 2 TLS. */
function listenerFields(
  { bind, unixSocket }: ServerSources["config"],
  port: number,
  tlsPort: number,
): InfoField[] {
  const hosts = bind.map((host) => `bind=${host},`).join("");
  const fields: InfoField[] = [];
  if (port !== 0) fields.push(["listener0", `name=tcp,${hosts}port=${port}`]);
  if (unixSocket !== "") fields.push(["listener1", `name=unix,bind=${unixSocket}`]);
  if (tlsPort !== 0) fields.push(["listener2", `name=tls,${hosts}port=${tlsPort}`]);
  return fields;
}

export function serverSection(server: ServerSources): InfoSection {
  const { config, keyspace, lifecycle } = server;
  return {
    title: "Server",
    fields() {
      const port = lifecycle.addresses[0]?.port ?? 0;
      const tlsPort = lifecycle.tlsAddresses[0]?.port ?? 0;
      const nowMs = server.now();
      const uptimeSeconds = Math.max(0, Math.floor((nowMs - lifecycle.startedAtMs) / 1000));
      return [
        ["redis_version", redisVersion],
        ["ravel_version", ravelVersion],
        // A release is known by its version.
        ["redis_git_sha1", "00000000"],
        ["redis_git_dirty", 0],
        ["redis_build_id", BUILD_ID],
        ["redis_mode", "standalone"],
        ["os", systemName()],
        ["arch_bits", 64],
        ["monotonic_clock", "performance.now"],
        ["multiplexing_api", process.eventLoop],
        ["process_id", process.id],
        ["process_supervised", "no"],
        ["run_id", lifecycle.runId],
        ["tcp_port", port || tlsPort],
        ["server_time_usec", Math.floor(nowMs * 1000)],
        ["uptime_in_seconds", uptimeSeconds],
        ["uptime_in_days", Math.floor(uptimeSeconds / SECONDS_PER_DAY)],
        ["hz", config.hz],
        ["configured_hz", config.hz],
        ["lru_clock", secondsClock(keyspace.nowMs)],
        ["executable", process.executable() ?? ""],
        ["config_file", config.file],
        ...listenerFields(config, port, tlsPort),
      ];
    },
  };
}

/** As `uname -srm` tells it; the release is left out where it may not be asked. */
function systemName(): string {
  const { architecture, operatingSystem } = process;
  return [operatingSystem, process.systemRelease(), architecture]
    .filter((part) => part !== undefined).join(" ");
}

function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
