/**
 * The certificate and the key that a server of TLS shows, read from the files that settings name, and
 * why they cannot be used. They are read at the start and whenever they are to be read again, never
 * while a client waits.
 */

import { textOfByteString } from "../../structures/bytes/byte_string.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { ConfigError } from "../config/config_error.ts";
import { failures, files, process } from "../platform/platform.ts";
import type { TlsIdentity } from "../platform/socket.ts";

/** More than any chain of certificates takes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Settings, as far as TLS follows them. */
export interface TlsSettings {
  readonly tlsCertFile: ByteString;
  readonly tlsKeyFile: ByteString;
  readonly tlsAuthClients: "no" | "yes" | "optional";
}

/**
 * What the settings would have listeners show.
 *
 * @throws {ConfigError} one line that says what to do
 */
export function readTlsIdentity(settings: TlsSettings): TlsIdentity {
  const refusal = clientCertificatesRefusal(settings);
  if (refusal !== undefined) throw new ConfigError(refusal);
  const certFile = textOfByteString(settings.tlsCertFile);
  const keyFile = textOfByteString(settings.tlsKeyFile);
  if (certFile === "" || keyFile === "") {
    throw new ConfigError(
      "TLS needs a certificate and its key: set tls-cert-file and tls-key-file",
    );
  }
  const certificates = readFile("tls-cert-file", certFile, `${certFile},${keyFile}`);
  const privateKey = readFile("tls-key-file", keyFile, `${certFile},${keyFile}`);
  if (/ENCRYPTED/.test(privateKey)) {
    throw new ConfigError(
      `the key in ${keyFile} has a passphrase, and only keys without one are read: write it anew ` +
        "with openssl pkey, for the server's user alone to read",
    );
  }
  return { certificates, privateKey };
}

/** Why TLS cannot be as tls-auth-clients says; undefined where it can. */
export function clientCertificatesRefusal({ tlsAuthClients }: TlsSettings): string | undefined {
  if (tlsAuthClients !== "yes") return undefined;
  return "tls-auth-clients is yes, which is also its default, but Ravel cannot ask clients for " +
    "certificates: set it to no, and let a password say who may come in";
}

/** What could not be listened with, in words about the files. */
export function unusableIdentity({ tlsCertFile, tlsKeyFile }: TlsSettings, error: unknown): Error {
  return new ConfigError(
    `the certificate in ${textOfByteString(tlsCertFile)} and the key in ` +
      `${textOfByteString(tlsKeyFile)} cannot be used: ${failures.messageOf(error)}`,
  );
}

function readFile(setting: string, path: string, both: string): string {
  let bytes: Uint8Array;
  try {
    bytes = files.read(path, MAX_FILE_BYTES + 1);
  } catch (error) {
    const kind = failures.kindOf(error);
    if (kind === "notPermitted") {
      throw new ConfigError(
        `reading ${setting} ${path} is not permitted: start with ` +
          `"${process.invocationWith({ read: both })} serve"`,
      );
    }
    const reason = kind === "notFound" ? "it does not exist" : failures.messageOf(error);
    throw new ConfigError(`cannot read ${setting} ${path}: ${reason}`);
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ConfigError(`${setting} ${path} has more than ${MAX_FILE_BYTES} bytes`);
  }
  return new TextDecoder().decode(bytes);
}
