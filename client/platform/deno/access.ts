/**
 * Deno's permissions. Its own question is asked only where somebody can answer it; elsewhere a client
 * that may not connect says so in one line.
 */

import { type Endpoint, hostPort, shownEndpoint } from "../../endpoint.ts";
import type { Access } from "../access.ts";

interface Need {
  readonly permission: Deno.PermissionDescriptor;
  readonly flag: string;
}

async function missing(endpoint: Endpoint): Promise<string | undefined> {
  const needs = needsOf(endpoint);
  for (const { permission } of needs) {
    let { state } = await Deno.permissions.query(permission);
    if (state === "prompt" && Deno.stdin.isTerminal() && Deno.stderr.isTerminal()) {
      ({ state } = await Deno.permissions.request(permission));
    }
    if (state === "granted") continue;
    const kind = permission.name === "net" ? "network access" : `${permission.name} access`;
    const resource = permission.name === "net" || endpoint.transport === "unix"
      ? shownEndpoint(endpoint)
      : "the certificates";
    return `${kind} to ${resource} was refused; allow it with ` +
      `"deno run ${needs.map(({ flag }) => flag).join(" ")} main.ts client"`;
  }
  return undefined;
}

function needsOf(endpoint: Endpoint): Need[] {
  if (endpoint.transport === "unix") {
    const { path } = endpoint;
    return [
      { permission: { name: "net", host: `unix:${path}` }, flag: "--allow-net" },
      { permission: { name: "read", path }, flag: `--allow-read=${path}` },
      { permission: { name: "write", path }, flag: `--allow-write=${path}` },
    ];
  }
  const host = hostPort(endpoint.hostname, endpoint.port);
  const needs: Need[] = [{ permission: { name: "net", host }, flag: `--allow-net=${host}` }];
  if (endpoint.transport === "tls" && endpoint.caFile !== undefined) {
    const path = endpoint.caFile;
    needs.push({ permission: { name: "read", path }, flag: `--allow-read=${path}` });
  }
  return needs;
}

export const access: Access = {
  missing,
  homeOptions: "--allow-env=HOME, --allow-read and --allow-write",
};
