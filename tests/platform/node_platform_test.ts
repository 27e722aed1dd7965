// Node's half of the platform, as far as Deno can run it: errors in the server's words, and files.

import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { failures } from "../../server/platform/node/failures.ts";
import { files } from "../../server/platform/node/files.ts";
import { latin1Slice, latin1Write } from "../../server/platform/node/latin1.ts";
import { process } from "../../server/platform/node/process.ts";

function coded(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("Node's codes have the server's names", () => {
  const kinds = {
    ECONNRESET: "disconnected",
    EPIPE: "disconnected",
    ERR_STREAM_DESTROYED: "disconnected",
    ERR_SSL_UNEXPECTED_EOF_WHILE_READING: "disconnected",
    EADDRINUSE: "addressInUse",
    EADDRNOTAVAIL: "addressNotAvailable",
    EACCES: "refusedBySystem",
    ENOENT: "notFound",
    EMFILE: "noDescriptors",
    ERR_SSL_WRONG_VERSION_NUMBER: "tls",
    ERR_OSSL_X509_KEY_VALUES_MISMATCH: "tls",
    ERR_ACCESS_DENIED: "notPermitted",
    ENOTFOUND: "other",
    ERR_INVALID_ARG_TYPE: "other",
  };
  const found = Object.keys(kinds).map((code) => [code, failures.kindOf(coded(code))]);
  assertEquals(Object.fromEntries(found), kinds);
  assertEquals([failures.kindOf("text"), failures.isDisconnect(undefined)], ["other", false]);
  assertEquals(failures.kindOf(new Error("error:0480006C:PEM routines::no start line")), "tls");
});

Deno.test("a permission that Node was not given is told", () => {
  const denied = Object.assign(coded("ERR_ACCESS_DENIED"), {
    permission: "FileSystemRead",
    resource: "/etc/x",
  });
  assertEquals(failures.missingPermission(denied), { kind: "read", resource: '"/etc/x"' });
  assertEquals(failures.missingPermission(coded("EACCES")), undefined);
});

Deno.test("Node's messages are the system's words on one line", () => {
  const messages: [Error | string, string][] = [
    [coded("ENOENT", "ENOENT: no such file or directory, open '/x'"), "No such file or directory"],
    [
      coded("EADDRINUSE", "listen EADDRINUSE: address already in use :::1"),
      "Address already in use",
    ],
    [
      coded("ENOTFOUND", "getaddrinfo ENOTFOUND x"),
      "failed to lookup address information: Name or service not known",
    ],
    [
      new Error("Failed to listen at x"),
      "failed to lookup address information: Name or service not known",
    ],
    // Somebody else's error, which has a text of its own.
    [coded("EACCES", "not you"), "not you"],
    ["a\n  b \x1b[31mred\x1b[0m", "a b red"],
    ["x".repeat(5000), "x".repeat(1000)],
  ];
  for (const [error, message] of messages) assertEquals(failures.messageOf(error), message);
});

Deno.test("Node's files are read in part, replaced as a whole, and appended to", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/ravel.conf`;
    const bytes = (text: string) => new TextEncoder().encode(text);
    files.replace(path, bytes("port 1\n"));
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
    files.replace(path, bytes("port 2\n"));
    assertEquals(new TextDecoder().decode(files.read(path, 6)), "port 2");
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    const log = files.openToAppend(path);
    log.writeSync(bytes("end"));
    log.close();
    assertEquals(Deno.readTextFileSync(path), "port 2\nend");
    assertThrows(() => files.replace(`${folder}/nowhere/ravel.conf`, bytes("")));
    Deno.mkdirSync(`${folder}/in the way`);
    assertThrows(() => files.replace(`${folder}/in the way`, bytes("")));
    assertEquals([...files.names(folder)].sort(), ["in the way", "ravel.conf"]);
    assertEquals([files.removeSocket(path), files.removeSocket(`${folder}/none`)], [false, true]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a character is a byte", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = latin1Slice(bytes, 0, 256);
  assertEquals(Array.from(text, (character) => character.charCodeAt(0)), [...bytes]);
  const written = new Uint8Array(258);
  latin1Write(written, 1, text);
  assertEquals(written.subarray(1, 257), bytes);
});

Deno.test("Node's process has figures", async () => {
  assertEquals(process.id, Deno.pid);
  assertEquals([process.takesPermissions, process.invocation], [false, "npx ravel-server"]);
  assertMatch(`${process.operatingSystem} ${process.architecture}`, /^\w+ \w+$/);
  assertEquals(process.hasFreeDescriptors(16), true);
  await process.collectGarbage();
  const { limitBytes, usedBytes } = process.heap();
  assertEquals(limitBytes > usedBytes && usedBytes > 0, true);
});

Deno.test("Unix sockets with a path that cannot be are refused before they listen", async () => {
  const { network } = await import("../../server/platform/node/network.ts");
  const folder = await assertRejects(() => network.listenUnix("/no such folder/s", undefined));
  assertEquals(failures.messageOf(folder), "No such file or directory");
  await assertRejects(
    () => network.listenUnix(`/tmp/${"x".repeat(200)}`, undefined),
    Error,
    "longer than",
  );
});
