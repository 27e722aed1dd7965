import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { configureSync, getConfig, type LogRecord, resetSync } from "@logtape/logtape";
import { Config } from "../../server/config/config.ts";
import { ConfigError } from "../../server/config/config_error.ts";
import type { LogFormat, LogLevel } from "../../server/config/settings.ts";
import { ServerLog } from "../../server/report/log.ts";

function collecting(level: LogLevel, format: LogFormat = "text"): [ServerLog, string[]] {
  const lines: string[] = [];
  return [new ServerLog({ level, format, file: "", sink: (line) => lines.push(line) }), lines];
}

function logAtEveryLevel(log: ServerLog): void {
  log.debug("a");
  log.verbose("b");
  log.notice("c");
  log.warning("d");
}

Deno.test("a text line has process id, time, mark, message and fields", () => {
  const [log, lines] = collecting("debug");
  using _ = log;
  logAtEveryLevel(log);
  log.notice("client {x} left", { peer: "127.0.0.1:5", age: 3n });
  assertEquals(
    lines.map((line) => line.replace(/ \d\d:\d\d:\d\d\.\d{3} /, " T ").split(" T ")[1]),
    [
      ". a",
      "- b",
      "* c",
      "# d",
      "* client {x} left peer=127.0.0.1:5 age=3",
    ],
  );
  assertMatch(lines[0], /^\d+ \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} \. a$/);
  assert(lines[0].startsWith(`${Deno.pid} `));
});

Deno.test("a JSON line is one object with level, time, message and fields", () => {
  const [log, lines] = collecting("verbose", "json");
  using _ = log;
  log.notice('a "b"\n', { peer: "::1", bytes: 5n });
  const { time, pid, ...rest } = JSON.parse(lines[0]);
  assertEquals(rest, { level: "notice", message: 'a "b"\n', peer: "::1", bytes: "5" });
  assertEquals(pid, Deno.pid);
  assertEquals(new Date(time).toISOString(), time);
  assert(!lines[0].includes("\n"));
});

Deno.test("the level decides what is written, and may change", () => {
  const [log, lines] = collecting("notice");
  using _ = log;
  logAtEveryLevel(log);
  assertEquals(lines.length, 2);
  log.level = "warning";
  logAtEveryLevel(log);
  assertEquals(lines.length, 3);
  assertEquals([log.level, log.logs("notice"), log.logs("warning")], ["warning", false, true]);
  log.level = "debug";
  logAtEveryLevel(log);
  assertEquals(lines.length, 7);
});

Deno.test("what clients send cannot forge lines or steer a terminal", () => {
  const [log, lines] = collecting("notice");
  using _ = log;
  log.notice("name a\r\n1 * forged", { name: "\x1b[2J" });
  assertEquals(lines.length, 1);
  assert(lines[0].endsWith("* name a\\x0d\\x0a1 * forged name=\\x1b[2J"));
});

Deno.test("a fault shows where it was thrown", () => {
  const [text, textLines] = collecting("warning");
  const [json, jsonLines] = collecting("warning", "json");
  using _text = text;
  using _json = json;
  const error = new TypeError("broken");
  text.fault("command failed", error, { command: "get" });
  json.fault("command failed", error);
  const [head, ...stack] = textLines[0].split("\n");
  assert(head.endsWith("# command failed command=get"));
  assertEquals(stack[0], "    TypeError: broken");
  assert(stack.length > 1 && stack[1].startsWith("    at "));
  assertEquals(JSON.parse(jsonLines[0]).stack, error.stack);
  text.fault("command failed", "a string");
  assert(textLines[1].endsWith("\n    a string"));
});

Deno.test("servers of one process have lines and levels of their own, in any order of life", () => {
  const [first, firstLines] = collecting("notice");
  const [second, secondLines] = collecting("debug", "json");
  logAtEveryLevel(first);
  logAtEveryLevel(second);
  first[Symbol.dispose]();
  logAtEveryLevel(first);
  logAtEveryLevel(second);
  const [third, thirdLines] = collecting("warning");
  logAtEveryLevel(third);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  logAtEveryLevel(third);
  third[Symbol.dispose]();
  assertEquals([firstLines.length, secondLines.length, thirdLines.length], [2, 8, 2]);
});

Deno.test("a program's own LogTape configuration is left alone and gets the records", () => {
  const before = getConfig();
  resetSync();
  const records: LogRecord[] = [];
  configureSync({
    sinks: { mine: (record) => records.push(record) },
    loggers: [
      { category: "ravel", sinks: ["mine"], lowestLevel: "info" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    const [log, lines] = collecting("debug");
    using _ = log;
    logAtEveryLevel(log);
    assertEquals(lines, []);
    assertEquals(records.map(({ level, message }) => [level, message.join("")]), [
      ["info", "c"],
      ["warning", "d"],
    ]);
  } finally {
    resetSync();
    if (before !== null) configureSync(before);
  }
});

Deno.test("of lines that strangers cause one a second is written, and the others are counted", () => {
  using time = new FakeTime();
  const [log, lines] = collecting("notice");
  const messages = () => lines.splice(0).map((line) => line.slice(line.search(/ [.*#-] /) + 1));
  for (let i = 0; i < 5; i++) log.rarely("warning", "cannot accept", { i });
  log.rarely("notice", "another kind");
  log.rarely("verbose", "below the level");
  assertEquals(messages(), ["# cannot accept i=0", "* another kind"]);
  time.pass(999);
  log.tellOmitted();
  assertEquals(messages(), []);
  time.pass(1);
  log.tellOmitted();
  assertEquals(messages(), ["# cannot accept: more like this omitted=4"]);
  // The line that told of them began a second too.
  log.rarely("warning", "cannot accept", { i: 5 });
  assertEquals(messages(), []);
  time.pass(1000);
  log.tellOmitted();
  time.pass(1000);
  log.rarely("warning", "cannot accept", { i: 6 });
  assertEquals(messages(), [
    "# cannot accept: more like this omitted=1",
    "# cannot accept i=6",
  ]);
  log.rarely("warning", "cannot accept", { i: 7 });
  log[Symbol.dispose]();
  assertEquals(messages(), ["# cannot accept: more like this omitted=1"]);
});

Deno.test("without a tick the next line tells of those left out", () => {
  using time = new FakeTime();
  const [log, lines] = collecting("notice");
  using _ = log;
  for (let i = 0; i < 3; i++) log.rarely("warning", "refused");
  time.pass(5000);
  log.rarely("warning", "refused");
  assertEquals(lines.length, 2);
  assertMatch(lines[1], /# refused: more like this omitted=2$/);
});

Deno.test("the level follows the settings until the log is closed", () => {
  const config = Config.from({ loglevel: "warning" });
  const [log, lines] = collecting("debug");
  log.follow(config);
  logAtEveryLevel(log);
  assertEquals(lines.length, 1);
  config.set("loglevel", "verbose");
  logAtEveryLevel(log);
  assertEquals([lines.length, log.level], [4, "verbose"]);
  log[Symbol.dispose]();
  config.set("loglevel", "debug");
  assertEquals(log.level, "verbose");
});

/** The clock of the process, which stands still until a test moves it. */
class FakeTime implements Disposable {
  readonly #now = Date.now;
  #ms = 1_700_000_000_000;

  constructor() {
    Date.now = () => this.#ms;
  }

  pass(ms: number): void {
    this.#ms += ms;
  }

  [Symbol.dispose](): void {
    Date.now = this.#now;
  }
}

Deno.test("a log without a place writes nothing", () => {
  using log = new ServerLog({ level: "debug", format: "text", file: "" });
  logAtEveryLevel(log);
});

Deno.test("a log file is appended to, and one that cannot be written is named", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const file = `${directory}/ravel.log`;
    for (const message of ["one", "two"]) {
      using log = new ServerLog({ level: "notice", format: "text", file });
      log.notice(message);
    }
    const lines = Deno.readTextFileSync(file).split("\n");
    assertEquals(lines.map((line) => line.split(" * ")[1]), ["one", "two", undefined]);
    assertThrows(
      () => new ServerLog({ level: "notice", format: "text", file: `${directory}/no/ravel.log` }),
      ConfigError,
      "cannot write the log file",
    );
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
