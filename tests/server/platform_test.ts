// What the server needs of the runtime, by what a program sees of it: errors by their kinds, files
// that change as a whole, figures of the process.

import { assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { failures, files, network, process } from "../../server/platform/platform.ts";

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function kindOf(action: () => unknown): string {
  return failures.kindOf(errorOf(action));
}

async function lateKindOf(action: () => Promise<unknown>): Promise<string> {
  return failures.kindOf(await assertRejects(action));
}

Deno.test("errors of the system have the server's names", async () => {
  const listen = (hostname: string, port: number) => network.listen({ hostname, port, backlog: 8 });
  const listener = await listen("127.0.0.1", 0);
  assertEquals(await lateKindOf(() => listen("127.0.0.1", listener.addr.port)), "addressInUse");
  listener.close();
  assertEquals(kindOf(() => listener.close()), "disconnected");
  assertEquals(await lateKindOf(() => listen("192.0.2.200", 0)), "addressNotAvailable");
  assertEquals(kindOf(() => files.read("/no such file", 1)), "notFound");
  assertEquals(await lateKindOf(() => listen("no such host", 0)), "other");
  const full = (code: string) => failures.kindOf(Object.assign(new Error("full"), { code }));
  assertEquals([full("EMFILE"), full("ENFILE"), full("EACCES")], [
    "noDescriptors",
    "noDescriptors",
    "other",
  ]);
  assertEquals([failures.kindOf("text"), failures.isDisconnect(undefined)], ["other", false]);
});

Deno.test({
  name: "a missing permission tells what it was wanted for",
  permissions: { read: false, net: false },
  async fn() {
    const read = errorOf(() => files.read("/etc/hosts", 1));
    assertEquals(failures.kindOf(read), "notPermitted");
    assertEquals(failures.missingPermission(read), { kind: "read", resource: '"/etc/hosts"' });
    const local = { hostname: "127.0.0.1", port: 0, backlog: 8 };
    const net = await assertRejects(() => network.listen(local));
    assertEquals(failures.missingPermission(net)?.kind, "net");
    assertEquals(process.hasFreeDescriptors(1), undefined);
    assertEquals(process.descriptorLimit(), undefined);
    assertEquals(failures.missingPermission(new Error("else")), undefined);
  },
});

Deno.test("an error's message is one line of a bearable length", () => {
  assertEquals(failures.messageOf(new Error("a\n  b \x1b[31mred\x1b[0m")), "a b red");
  assertEquals(failures.messageOf("x".repeat(5000)).length, 1000);
});

Deno.test("a file is replaced as a whole, keeps its mode, and leaves nothing where that fails", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/ravel.conf`;
    const bytes = (text: string) => new TextEncoder().encode(text);
    files.replace(path, bytes("port 1\n"));
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
    files.replace(path, bytes("port 2\n"));
    assertEquals(new TextDecoder().decode(files.read(path, 6)), "port 2");
    assertEquals(files.names(folder), ["ravel.conf"]);
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    Deno.mkdirSync(`${folder}/in the way`);
    assertThrows(() => files.replace(`${folder}/in the way`, bytes("")));
    assertThrows(() => files.replace(`${folder}/nowhere/ravel.conf`, bytes("")));
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["in the way", "ravel.conf"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the process has figures", () => {
  assertEquals(process.id, Deno.pid);
  assertGreater(process.memoryUsage().rss, 1_000_000);
  assertGreater(process.cpuUsage().user, 0);
  assertEquals(process.hasFreeDescriptors(16), true);
  if (Deno.build.os === "linux") assertGreater(process.descriptorLimit() ?? 0, 0);
  assertEquals(process.versions.map(([name]) => name), ["deno", "v8"]);
});
