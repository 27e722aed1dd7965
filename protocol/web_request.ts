/**
 * Requests that a web browser sent.
 *
 * A page can make the browser of whoever looks at it send an HTTP request to a port of that
 * machine, with a body that the page chose. Read as inline requests, the lines of the head are
 * errors, but those of the body are commands:
 *
 * ```
 * POST / HTTP/1.1          a command named POST
 * Host: localhost:1234     a command named Host:
 * …
 * FLUSHALL                 the page's
 * ```
 *
 * So a request with one of these two names ends the connection before anything behind it is looked
 * at. No command has them: only what finds none needs to ask.
 */

import type { Arguments } from "./arguments.ts";

const LETTER_P = 0x70;
const LETTER_H = 0x68;

/** Whether the request's name is `POST` or `Host:`, in any case, up to its first NUL. O(1). */
export function isWebRequest(args: Arguments): boolean {
  if (args.length(0) < 4) return false;
  const letter = args.bytes[args.start(0)] | 0x20;
  return letter === LETTER_P
    ? isNamed(args, "post")
    : letter === LETTER_H && isNamed(args, "host:");
}

function isNamed(args: Arguments, name: string): boolean {
  const { bytes } = args;
  const start = args.start(0);
  const { length } = name;
  if (args.length(0) < length) return false;
  for (let i = 0; i < length; i++) {
    let byte = bytes[start + i];
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== name.charCodeAt(i)) return false;
  }
  return args.length(0) === length || bytes[start + length] === 0;
}
