/** Redis's settings of the process, its threads and sockets, and of what it reports. */

import { INT32_MAX, UINT32_MAX } from "../bounds.ts";
import { atStart, type Directive, withoutEffect } from "../directive.ts";
import { integer } from "../number_types.ts";
import { ACTION_SOURCES } from "../settings.ts";
import { oomScores, titleTemplate } from "../special_types.ts";
import { flags, oneOf, text, yesNo } from "../text_types.ts";

const SAVE_AND_NOSAVE = 0b11;

const shutdownFlags = flags(
  ["default", "save", "nosave", "now", "force"],
  SAVE_AND_NOSAVE,
  "shutdown options SAVE and NOSAVE can't be used simultaneously",
);

export const WITHOUT_SYSTEM: readonly Directive[] = [
  withoutEffect("daemonize", yesNo, false, atStart),
  withoutEffect("io-threads-do-reads", yesNo, false, atStart),
  withoutEffect("always-show-logo", yesNo, false, atStart),
  withoutEffect("set-proc-title", yesNo, true, atStart),
  withoutEffect("syslog-enabled", yesNo, false, atStart),
  withoutEffect("crash-log-enabled", yesNo, true),
  withoutEffect("crash-memcheck-enabled", yesNo, true),
  withoutEffect("use-exit-on-panic", yesNo, false, { hidden: true }),
  withoutEffect("disable-thp", yesNo, true, atStart),
  withoutEffect("pidfile", text(), "", atStart),
  withoutEffect("syslog-ident", text({ emptyCounts: true }), "redis", atStart),
  withoutEffect("server_cpulist", text(), "", atStart),
  withoutEffect("bio_cpulist", text(), "", atStart),
  withoutEffect("bgsave_cpulist", text(), "", atStart),
  withoutEffect("ignore-warnings", text({ emptyCounts: true }), ""),
  withoutEffect(
    "proc-title-template",
    text({ check: titleTemplate, emptyCounts: true }),
    "{title} {listen-addr} {server-mode}",
  ),
  withoutEffect("bind-source-addr", text(), ""),
  withoutEffect("locale-collate", text({ emptyCounts: true }), ""),
  withoutEffect("supervised", oneOf(["upstart", "systemd", "auto", "no"]), "no", atStart),
  withoutEffect(
    "syslog-facility",
    oneOf(["user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"]),
    "local0",
    atStart,
  ),
  withoutEffect(
    "oom-score-adj",
    oneOf(["no", "yes", "relative", "absolute"], new Map([["relative", "yes"]])),
    "no",
  ),
  withoutEffect("enable-module-command", oneOf(ACTION_SOURCES), "no", atStart),
  withoutEffect(
    "propagation-error-behavior",
    oneOf(["ignore", "panic", "panic-on-replicas"]),
    "ignore",
  ),
  withoutEffect("shutdown-on-sigint", shutdownFlags, 0),
  withoutEffect("shutdown-on-sigterm", shutdownFlags, 0),
  withoutEffect("io-threads", integer(1, 128), 1, atStart),
  withoutEffect("watchdog-period", integer(0, INT32_MAX), 0, { hidden: true }),
  withoutEffect("shutdown-timeout", integer(0, INT32_MAX), 10),
  withoutEffect("socket-mark-id", integer(0, UINT32_MAX), 0, atStart),
  withoutEffect("oom-score-adj-values", oomScores, "0 200 800"),
];
