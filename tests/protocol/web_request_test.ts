/** What a browser sends is told from every other request. */

import { assertEquals } from "@std/assert";
import { Arguments, RequestBatch } from "../../protocol/arguments.ts";
import { RequestDecoder } from "../../protocol/decoder.ts";
import { isWebRequest } from "../../protocol/web_request.ts";
import { bytesOf, inputQueue, limits, nativeFrame, nativeVector, resp } from "./decoding.ts";

function isWeb(text: string): boolean {
  const input = inputQueue();
  input.append(bytesOf(text), 0, text.length);
  const batch = new RequestBatch();
  new RequestDecoder(limits()).decode(input, batch, true);
  const args = new Arguments();
  batch.view(args, 0);
  return isWebRequest(args);
}

Deno.test("POST and Host: are a browser's, in every form and any case", () => {
  const web = [
    "POST / HTTP/1.1\r\n",
    "post\r\n",
    "Host: localhost:1234\r\n",
    "HOST:\r\n",
    "'pOsT' x\r\n",
    '"\\x50OST"\r\n',
    resp("POST"),
    resp("hOsT:", "a", "b"),
    // A name ends at its first NUL, as where names are C's strings.
    resp("POST\0", "x"),
    resp("host:\0:", "x"),
    nativeFrame("POST / HTTP/1.1"),
    nativeVector("Host:"),
  ];
  for (const text of web) assertEquals(isWeb(text), true, JSON.stringify(text));
  const others = [
    "GET / HTTP/1.1\r\n",
    "POSTX a\r\n",
    "Host localhost\r\n",
    "Host:localhost\r\n",
    "PO\r\n",
    resp("", "POST"),
    resp("P"),
    resp("PO\0T"),
    resp("pos\x54\x01"),
    resp("0OST"),
    resp("\x10OST"),
    resp("(ost:"),
    resp("host\x1a"),
    resp("PING", "POST"),
  ];
  for (const text of others) assertEquals(isWeb(text), false, JSON.stringify(text));
});
