/**
 * INFO as a whole: the parts that the server and its subsystems provide, in order.
 */

import { evictionPart, type EvictionSources } from "../report/info/eviction_section.ts";
import { clientsSection, type ClientsSources } from "../report/info/clients_section.ts";
import { inRedisOrder } from "../report/info/field_order.ts";
import type { InfoSection } from "../report/info/info_section.ts";
import { keyspaceSection, type KeyspaceSources } from "../report/info/keyspace_section.ts";
import { memorySection, type MemorySectionSources } from "../report/info/memory_section.ts";
import * as places from "../report/info/places.ts";
import { pubSubPart, type PubSubSources } from "../report/info/pubsub_section.ts";
import { trackingParts, type TrackingSources } from "../report/info/tracking_section.ts";
import { cpuSection, ravelSection, type RavelSources } from "../report/info/runtime_sections.ts";
import {
  evictedScriptsPart,
  scriptingPart,
  type ScriptingSources,
} from "../report/info/scripting_section.ts";
import { serverSection, type ServerSources } from "../report/info/server_section.ts";
import {
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  statsSection,
  type StatsSources,
  turnsSection,
} from "../report/info/stats_section.ts";

/** All that the sections read of a server. */
export type InfoSources =
  & ServerSources
  & ClientsSources
  & MemorySectionSources
  & StatsSources
  & EvictionSources
  & KeyspaceSources
  & RavelSources
  & PubSubSources
  & TrackingSources
  & ScriptingSources
  & places.PersistenceSources
  & places.ReplicationSources;

/** The order of the headings, Redis's with Ravel's own behind, and what has to be asked for at last. */
const TITLES = [
  "Server",
  "Clients",
  "Memory",
  "Persistence",
  "Stats",
  "Replication",
  "CPU",
  "Modules",
  "Commandstats",
  "Errorstats",
  "Latencystats",
  "Cluster",
  "Keyspace",
  "Ravel",
  "Debug",
];

/** Every section of INFO, each once, in the order in which they are written. */
export function infoSections(server: InfoSources): InfoSection[] {
  const parts: InfoSection[] = [
    serverSection(server),
    ...places.ioThreadsPlace(),
    clientsSection(server),
    memorySection(server),
    statsSection(server),
    evictionPart(server),
    ...places.persistencePlace(server),
    ...places.replicationPlace(server),
    cpuSection(),
    commandStatsSection(server),
    errorStatsSection(server),
    latencyStatsSection(server),
    turnsSection(server),
    ...places.modulesPlace(),
    ...places.defragmentationPlace(),
    ...places.clusterPlace(),
    ...trackingParts(server),
    pubSubPart(server),
    scriptingPart(server),
    evictedScriptsPart(server),
    keyspaceSection(server),
    ravelSection(server),
  ];
  const titles = new Set([...TITLES, ...parts.map(({ title }) => title)]);
  return Array.from(titles, (title) => joined(title, parts.filter((part) => part.title === title)));
}

function joined(title: string, parts: readonly InfoSection[]): InfoSection {
  return { title, fields: () => inRedisOrder(title, parts.flatMap((part) => part.fields())) };
}
