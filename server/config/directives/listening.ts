/** Where the server listens, and whom it serves. */

import { INT32_MAX, UINT32_MAX } from "../bounds.ts";
import { atStart, type Directive, directive } from "../directive.ts";
import { fileMode, integer } from "../number_types.ts";
import { ACTION_SOURCES, Settings } from "../settings.ts";
import { oneOf, text, wordList, yesNo } from "../text_types.ts";

const MAX_BIND_ADDRESSES = 16;

const defaults = new Settings();

export const LISTENING: readonly Directive[] = [
  directive(
    defaults,
    "port",
    "port",
    integer(0, 65535),
    "TCP port to listen on; 0 lets the system choose a free one, or is none at all where there is " +
      "tls-port or unixsocket.",
  ),
  directive(
    defaults,
    "tls-port",
    "tlsPort",
    integer(0, 65535),
    "Port to listen on for TLS; 0 for none. It needs tls-cert-file and tls-key-file, and " +
      "tls-auth-clients no.",
  ),
  directive(
    defaults,
    "tls-cert-file",
    "tlsCertFile",
    text(),
    "File with the server's certificate and those that vouch for it, in PEM. CONFIG SET of the same " +
      "name reads it again, and so does SIGHUP.",
    { refersToFile: true },
  ),
  directive(
    defaults,
    "tls-key-file",
    "tlsKeyFile",
    text(),
    "File with the key of that certificate, in PEM and without a passphrase.",
    { refersToFile: true },
  ),
  directive(
    defaults,
    "tls-auth-clients",
    "tlsAuthClients",
    oneOf(["no", "yes", "optional"]),
    "Whether clients show certificates of their own. Ravel cannot ask for them: with yes there is no " +
      "TLS, and with optional nobody is asked.",
  ),
  directive(
    defaults,
    "unixsocket",
    "unixSocket",
    text(),
    "Path of a Unix socket to listen on; one that an earlier server has left is replaced.",
    atStart,
  ),
  directive(
    defaults,
    "unixsocketperm",
    "unixSocketMode",
    fileMode,
    "Permissions of the Unix socket's file, in octal; 0 for those of a new file.",
    atStart,
  ),
  directive(
    defaults,
    "metrics-port",
    "metricsPort",
    integer(0, 65535),
    "Port for metrics over HTTP, in Prometheus's format: /metrics, and /health and /ready beside it; " +
      "0 for none. It listens on the addresses that bind has when it begins.",
  ),
  directive(
    defaults,
    "bind",
    "bind",
    wordList({
      form: "address …",
      maxWords: MAX_BIND_ADDRESSES,
      tooMany: "Too many bind addresses specified.",
      emptyAllowed: true,
    }),
    'Addresses to listen on; "*" is every IPv4 and "::*" every IPv6 address, a leading "-" marks ' +
      "one that may be unavailable.",
  ),
  directive(
    defaults,
    "protected-mode",
    "protectedMode",
    yesNo,
    "While no password is set, serve clients of this machine alone.",
  ),
  directive(
    defaults,
    "tcp-backlog",
    "tcpBacklog",
    integer(0, INT32_MAX),
    "Connections that may wait to be accepted; the system may lower it.",
    atStart,
  ),
  directive(
    defaults,
    "timeout",
    "timeoutSeconds",
    integer(0, INT32_MAX),
    "Seconds of silence after which a client is disconnected; 0 never.",
  ),
  directive(
    defaults,
    "tcp-keepalive",
    "tcpKeepAliveSeconds",
    integer(0, INT32_MAX),
    "Anything but 0 turns keep-alive probes on for connections that come from then on. How many " +
      "seconds lie between them is for the system to say.",
  ),
  directive(
    defaults,
    "maxclients",
    "maxClients",
    integer(1, UINT32_MAX),
    "Connections served at the same time; one more is refused.",
  ),
  directive(
    defaults,
    "enable-debug-command",
    "enableDebugCommand",
    oneOf(ACTION_SOURCES),
    "Who may use DEBUG: nobody, everybody, or the clients of this machine.",
    atStart,
  ),
  directive(
    defaults,
    "enable-protected-configs",
    "enableProtectedConfigs",
    oneOf(ACTION_SOURCES),
    "Who may change dir and dbfilename by CONFIG SET: nobody, everybody, or the clients of this " +
      "machine.",
    atStart,
  ),
];
