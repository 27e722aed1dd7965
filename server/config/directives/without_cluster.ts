/** Redis's settings of clusters. */

import { INT32_MAX, INT64_MAX, UINT64_MAX } from "../bounds.ts";
import { atStart, type Directive, withoutEffect } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { hostName, nodeName } from "../special_types.ts";
import { oneOf, text, yesNo } from "../text_types.ts";

export const WITHOUT_CLUSTER: readonly Directive[] = [
  withoutEffect("cluster-require-full-coverage", yesNo, true),
  withoutEffect("cluster-replica-no-failover", yesNo, false, {
    aliases: ["cluster-slave-no-failover"],
  }),
  withoutEffect("cluster-enabled", yesNo, false, atStart),
  withoutEffect("cluster-allow-reads-when-down", yesNo, false),
  withoutEffect("cluster-allow-pubsubshard-when-down", yesNo, true),
  withoutEffect("cluster-allow-replica-migration", yesNo, true),
  withoutEffect("cluster-announce-ip", text(), ""),
  withoutEffect("cluster-config-file", text({ emptyCounts: true }), "nodes.conf", atStart),
  withoutEffect("cluster-announce-hostname", text({ check: hostName }), ""),
  withoutEffect("cluster-announce-human-nodename", text({ check: nodeName }), ""),
  withoutEffect(
    "cluster-preferred-endpoint-type",
    oneOf(["ip", "hostname", "unknown-endpoint"]),
    "ip",
  ),
  withoutEffect("cluster-replica-validity-factor", integer(0, INT32_MAX), 10, {
    aliases: ["cluster-slave-validity-factor"],
  }),
  withoutEffect("cluster-migration-barrier", integer(0, INT32_MAX), 1),
  withoutEffect("cluster-port", integer(0, 65535), 0, atStart),
  withoutEffect("cluster-announce-bus-port", integer(0, 65535), 0),
  withoutEffect("cluster-announce-port", integer(0, 65535), 0),
  withoutEffect("cluster-announce-tls-port", integer(0, 65535), 0),
  withoutEffect("cluster-node-timeout", integer(0, INT64_MAX), 15000),
  withoutEffect("cluster-ping-interval", integer(0, INT64_MAX), 0, { hidden: true }),
  withoutEffect("cluster-link-sendbuf-limit", memorySize(0, UINT64_MAX), 0),
];
