/**
 * A benchmark of wrong answers measures nothing, so the first one ends it, with both answers shown.
 */

/** Bytes shown of a request or reply. */
const SHOWN_BYTES = 120;

/** The server's reply is not the one that the data in it demands. */
export class WrongReplyError extends Error {
  override name = "WrongReplyError";

  constructor(request: Uint8Array | string, expected: Uint8Array, actual: Uint8Array) {
    super(
      `wrong reply to ${typeof request === "string" ? request : shown(request)}: ` +
        `expected ${shown(expected)}, got ${shown(actual)}`,
    );
  }
}

function shown(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, SHOWN_BYTES));
  return JSON.stringify(text) + (bytes.length > SHOWN_BYTES ? "…" : "");
}
