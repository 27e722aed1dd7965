/**
 * Other ways to a server than TCP, for the cases that measure them: what a server's settings are for
 * it, and what redis-benchmark is told. Files for them are in a directory of their own.
 */

import type { ServerKind } from "../server_processes.ts";

/** A way to each server of a case, as long as its files are there. */
export interface WayIn extends Disposable {
  /** Settings beside the usual ones. */
  directives(kind: ServerKind): readonly string[];
  /** redis-benchmark's options in place of `-h` and `-p`. */
  words(kind: ServerKind): readonly string[];
}

/** TLS with a certificate that openssl makes here. */
export function overTls(): WayIn {
  const directory = Deno.makeTempDirSync({ prefix: "ravel-bench-" });
  const [certificate, key] = [`${directory}/cert.pem`, `${directory}/key.pem`];
  const made = new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ],
  }).outputSync();
  if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
  const ports = new Map<ServerKind, number>();
  return {
    directives(kind) {
      const port = freePort();
      ports.set(kind, port);
      return [
        ...["--tls-port", String(port), "--tls-cert-file", certificate, "--tls-key-file", key],
        ...["--tls-auth-clients", "no", "--tls-ca-cert-file", certificate],
      ];
    },
    words: (kind) => [
      ...["-h", "127.0.0.1", "-p", String(ports.get(kind)), "--tls", "--cacert", certificate],
    ],
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

export function overUnixSocket(): WayIn {
  const directory = Deno.makeTempDirSync({ prefix: "ravel-bench-" });
  const path = (kind: ServerKind) => `${directory}/${kind}.sock`;
  return {
    directives: (kind) => ["--unixsocket", path(kind)],
    words: (kind) => ["-s", path(kind)],
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
