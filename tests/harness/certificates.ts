// Certificates for tests, made by openssl when they are asked for, good for a day.

import { without } from "./program.ts";

/** For Deno.test: whether tests of TLS are to be skipped here. */
export const withoutOpenssl: boolean = without("openssl");

/** A directory of its own, with a certificate and its key. */
export class Certificates implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "ravel-tls-" });

  constructor() {
    this.renew();
  }

  /** Vouches for itself, so that it is what clients trust too. */
  get certFile(): string {
    return `${this.directory}/cert.pem`;
  }

  get keyFile(): string {
    return `${this.directory}/key.pem`;
  }

  get pem(): string {
    return Deno.readTextFileSync(this.certFile);
  }

  /** Settings of a server that shows it. */
  get directives(): Record<string, string> {
    return {
      "tls-cert-file": this.certFile,
      "tls-key-file": this.keyFile,
      "tls-auth-clients": "no",
    };
  }

  /** Another certificate, with another key, in the same files. */
  renew(): void {
    openssl(
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ["-keyout", this.keyFile, "-out", this.certFile, "-days", "1", "-subj", "/CN=localhost"],
      ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ["-addext", "basicConstraints=critical,CA:FALSE"],
    );
  }

  /** The key with a passphrase, in a file of its own. */
  protectedKey(): string {
    const file = `${this.directory}/protected.pem`;
    openssl(["pkey", "-in", this.keyFile, "-out", file, "-aes128", "-passout", "pass:secret"]);
    return file;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

function openssl(...args: readonly (readonly string[])[]): void {
  const { success, stderr } = new Deno.Command("openssl", { args: args.flat() }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** A port that nobody listens on; another program could take it, and then the test fails. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
