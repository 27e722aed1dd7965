/**
 * Settings of where the server listens, while it runs: what CONFIG SET does about them, and what it
 * replies where the system refuses.
 */

import type { Endpoints } from "../clients/endpoints.ts";
import { clientCertificatesRefusal } from "../clients/tls_files.ts";
import { type Config, ConfigError } from "../config/config.ts";
import type { MetricsPort } from "../metrics/metrics_port.ts";
import { failures } from "../platform/platform.ts";
import type { ServerLog } from "../report/log.ts";

const CANNOT_LISTEN = "Unable to listen on this port. Check server logs.";
const CANNOT_USE_TLS = "Unable to update TLS configuration. Check server logs.";
const CANNOT_BIND = "Failed to bind to specified addresses.";

/** What listens, and what those need who have it follow the settings. */
export interface Listening {
  readonly config: Config;
  readonly log: ServerLog;
  readonly endpoints: Endpoints;
  readonly metrics: MetricsPort;
}

/** Has CONFIG SET listen elsewhere. @returns what ends that */
export function followListenSettings({ config, log, endpoints, metrics }: Listening): () => void {
  const listenElsewhere = (refusal: string, listener: { follow(): Promise<void> }) => async () => {
    try {
      await listener.follow();
      return undefined;
    } catch (error) {
      log.warning("cannot listen", { error: failures.messageOf(error) });
      return error instanceof ConfigError && config.tlsPort !== 0 ? CANNOT_USE_TLS : refusal;
    }
  };
  const identity = ["tls-cert-file", "tls-key-file"];
  const forget = [
    config.onApply("port", listenElsewhere(CANNOT_LISTEN, endpoints)),
    config.onApply("bind", listenElsewhere(CANNOT_BIND, endpoints)),
    config.onApply(
      identity,
      async () => await reloadCertificate(endpoints, log) ? undefined : CANNOT_USE_TLS,
    ),
    config.onApply("tls-port", listenElsewhere(CANNOT_LISTEN, endpoints)),
    config.onApply("metrics-port", listenElsewhere(CANNOT_LISTEN, metrics)),
    config.onApply(
      "tls-auth-clients",
      () => config.tlsPort === 0 ? undefined : clientCertificatesRefusal(config),
    ),
  ];
  return () => forget.forEach((end) => end());
}

/**
 * Reads the certificate of TLS and its key again, for connections that come from now on.
 *
 * @returns whether there is one that can be used; the log tells what is wrong with another
 */
export async function reloadCertificate(endpoints: Endpoints, log: ServerLog): Promise<boolean> {
  try {
    await endpoints.reloadIdentity();
    return true;
  } catch (error) {
    log.warning("cannot use the certificate, so the old one stays", {
      error: failures.messageOf(error),
    });
    return false;
  }
}
