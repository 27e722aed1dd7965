/** Redis's settings of TLS that the runtime decides for itself, or that others than servers need. */

import { INT32_MAX } from "../bounds.ts";
import { type Directive, withoutEffect } from "../directive.ts";
import { integer } from "../number_types.ts";
import { onlyValue, text, yesNo } from "../text_types.ts";

export const WITHOUT_TLS: readonly Directive[] = [
  withoutEffect("tls-session-cache-size", integer(0, INT32_MAX), 20 * 1024),
  withoutEffect("tls-session-cache-timeout", integer(0, INT32_MAX), 300),
  withoutEffect("tls-cluster", yesNo, false),
  withoutEffect("tls-replication", yesNo, false),
  withoutEffect("tls-prefer-server-ciphers", yesNo, false),
  withoutEffect("tls-session-caching", yesNo, true),
  withoutEffect(
    "tls-key-file-pass",
    onlyValue(text(), "", "only keys without a passphrase are read"),
    "",
  ),
  withoutEffect("tls-client-cert-file", text(), ""),
  withoutEffect("tls-client-key-file", text(), ""),
  withoutEffect("tls-client-key-file-pass", text(), ""),
  withoutEffect("tls-dh-params-file", text(), ""),
  withoutEffect("tls-ca-cert-file", text(), ""),
  withoutEffect("tls-ca-cert-dir", text(), ""),
  withoutEffect("tls-protocols", text(), ""),
  withoutEffect("tls-ciphers", text(), ""),
  withoutEffect("tls-ciphersuites", text(), ""),
];
