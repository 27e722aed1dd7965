// What Celery's workers and clients say to Redis through kombu's transport and the result backend,
// as raw connections with exact replies: queues by priority, a table of unacknowledged messages,
// fanout by pub/sub, results by SETEX and PUBLISH in a transaction. No package is needed for it.

import { assertEquals } from "@std/assert";
import type { Peer } from "../harness/peer.ts";
import {
  array,
  blocked,
  bulk,
  number,
  OK,
  QUEUED,
  rawSession,
  transaction,
} from "../harness/raw_session.ts";

const NIL_ARRAY = "*-1\r\n";

/** Priorities 0, 3, 6 and 9 of a queue are lists of their own. */
const PRIORITIES = ["celery", "celery\x06\x163", "celery\x06\x166", "celery\x06\x169"];
/** Times in seconds, as scores. */
const [EARLY, NOW] = ["1700000000.25", "1700003600.5"];

function test(name: string, body: (connect: () => Promise<Peer>) => Promise<void>): void {
  rawSession(`Celery: ${name}`, () => Promise.resolve(), body);
}

/** How kombu takes a message as delivered: in one transaction, and until it is acknowledged. */
async function delivered(worker: Peer, tag: string, score: string, message: string): Promise<void> {
  await transaction(
    worker,
    [["ZADD", "unacked_index", score, tag], ["HSET", "unacked", tag, message]],
    number(1),
    number(1),
  );
}

async function acknowledge(worker: Peer, tag: string): Promise<void> {
  await transaction(
    worker,
    [["ZREM", "unacked_index", tag], ["HDEL", "unacked", tag]],
    number(1),
    number(1),
  );
}

test("queues are declared, looked at and purged", async (connect) => {
  const client = await connect();
  const binding = "celery\x06\x16\x06\x16celery";
  assertEquals(await client.ask("SADD", "_kombu.binding.celery", binding), number(1));
  assertEquals(await client.ask("SADD", "_kombu.binding.celery", binding), number(0));
  assertEquals(await client.ask("SMEMBERS", "_kombu.binding.celery"), array(bulk(binding)));
  await transaction(
    client,
    PRIORITIES.map((queue) => ["LLEN", queue]),
    ...PRIORITIES.map(() => number(0)),
  );
  for (const queue of PRIORITIES) await client.ask("LPUSH", queue, "message");
  await transaction(
    client,
    PRIORITIES.map((queue) => ["LLEN", queue]),
    ...PRIORITIES.map(() => number(1)),
  );
  const purge = PRIORITIES.map((queue) => ["DEL", queue]);
  await transaction(client, purge, ...PRIORITIES.map(() => number(1)));
  assertEquals(await client.ask("SREM", "_kombu.binding.celery", binding), number(1));
  assertEquals(await client.ask("EXISTS", "_kombu.binding.celery"), number(0));
});

test("a worker waits on all priorities of its queues; the first listed is served first", async (connect) => {
  const [worker, client] = [await connect(), await connect()];
  worker.queue("BRPOP", ...PRIORITIES, "0");
  await worker.flush();
  await blocked(client, 1);
  assertEquals(await client.ask("LPUSH", PRIORITIES[2], "task 1"), number(1));
  assertEquals(await worker.receive(), array(bulk(PRIORITIES[2]), bulk("task 1")));
  for (const [i, queue] of PRIORITIES.toReversed().entries()) {
    assertEquals(await client.ask("LPUSH", queue, `low ${i}`, `next ${i}`), number(2));
  }
  for (const [i, queue] of PRIORITIES.entries()) {
    const expected = array(bulk(queue), bulk(`low ${3 - i}`));
    assertEquals(await worker.ask("BRPOP", ...PRIORITIES, "1"), expected);
    assertEquals(await worker.ask("RPOP", queue), bulk(`next ${3 - i}`));
  }
  assertEquals(await worker.ask("BRPOP", ...PRIORITIES, "0.01"), NIL_ARRAY);
});

test("tasks of a transaction that a worker waits for come one by one, oldest first", async (connect) => {
  const [worker, client] = [await connect(), await connect()];
  worker.queue("BRPOP", ...PRIORITIES, "0");
  worker.queue("BRPOP", ...PRIORITIES, "0");
  await worker.flush();
  await blocked(client, 1);
  await transaction(
    client,
    [["LPUSH", "celery", "first"], ["LPUSH", "celery", "second"]],
    number(1),
    number(2),
  );
  assertEquals(await worker.receive(), array(bulk("celery"), bulk("first")));
  assertEquals(await worker.receive(), array(bulk("celery"), bulk("second")));
});

test("messages are acknowledged, or given back to the head of their queue", async (connect) => {
  const worker = await connect();
  await delivered(worker, "tag-1", EARLY, "message 1");
  await delivered(worker, "tag-2", NOW, "message 2");
  await acknowledge(worker, "tag-2");
  assertEquals(await worker.ask("HGET", "unacked", "tag-2"), "$-1\r\n");
  assertEquals(await worker.ask("HGET", "unacked", "tag-1"), bulk("message 1"));
  await worker.ask("LPUSH", "celery", "waiting");
  await transaction(
    worker,
    [["RPUSH", "celery", "message 1"], ["ZREM", "unacked_index", "tag-1"], [
      "HDEL",
      "unacked",
      "tag-1",
    ]],
    number(2),
    number(1),
    number(1),
  );
  assertEquals(await worker.ask("BRPOP", "celery", "0"), array(bulk("celery"), bulk("message 1")));
  assertEquals(await worker.ask("EXISTS", "unacked", "unacked_index"), number(0));
});

test("what a lost worker left is restored by one of those who look, under a mutex", async (connect) => {
  const [lost, one, two] = [await connect(), await connect(), await connect()];
  await delivered(lost, "tag-1", EARLY, "message 1");
  await delivered(lost, "tag-2", NOW, "message 2");
  assertEquals(await one.ask("SETNX", "unacked_mutex", "one"), number(1));
  assertEquals(await one.ask("EXPIRE", "unacked_mutex", "300"), number(1));
  assertEquals(await two.ask("SETNX", "unacked_mutex", "two"), number(0));
  assertEquals(await two.ask("SET", "unacked_mutex", "two", "EX", "300", "NX"), "$-1\r\n");
  const due = ["ZREVRANGEBYSCORE", "unacked_index", "1700000060.75", "0"];
  assertEquals(
    await one.ask(...due, "LIMIT", "0", "10", "WITHSCORES"),
    array(bulk("tag-1"), bulk("1700000000.25")),
  );
  assertEquals(await one.ask("WATCH", "tag-1"), OK);
  assertEquals(await one.ask("HGET", "unacked", "tag-1"), bulk("message 1"));
  await transaction(
    one,
    [["ZREM", "unacked_index", "tag-1"], ["HDEL", "unacked", "tag-1"], [
      "RPUSH",
      "celery",
      "message 1",
    ]],
    number(1),
    number(1),
    number(1),
  );
  assertEquals(await one.ask(...due), "*0\r\n");
  assertEquals(await one.ask("WATCH", "unacked_mutex"), OK);
  assertEquals(await one.ask("GET", "unacked_mutex"), bulk("one"));
  await transaction(one, [["DEL", "unacked_mutex"]], number(1));
  assertEquals(await two.ask("SETNX", "unacked_mutex", "two"), number(1));
});

test("a mutex that was taken over meanwhile is not released", async (connect) => {
  const [one, two] = [await connect(), await connect()];
  await one.ask("SET", "unacked_mutex", "one", "EX", "300", "NX");
  await one.ask("WATCH", "unacked_mutex");
  assertEquals(await two.ask("SETEX", "unacked_mutex", "300", "two"), OK);
  one.queue("MULTI");
  one.queue("DEL", "unacked_mutex");
  one.queue("EXEC");
  await one.flush();
  assertEquals([await one.receive(), await one.receive()], [OK, QUEUED]);
  assertEquals(await one.receive(), NIL_ARRAY);
  assertEquals(await one.ask("GET", "unacked_mutex"), bulk("two"));
});

test("results are stored and announced at once; late and early askers see them", async (connect) => {
  const [worker, asker, late] = [await connect(), await connect(), await connect()];
  const key = "celery-task-meta-7f2a";
  assertEquals(await asker.ask("SUBSCRIBE", key), array(bulk("subscribe"), bulk(key), number(1)));
  const result = '{"status": "SUCCESS", "result": 42}';
  assertEquals(await worker.ask("GET", key), "$-1\r\n");
  await transaction(
    worker,
    [["SETEX", key, "86400", result], ["PUBLISH", key, result]],
    OK,
    number(1),
  );
  assertEquals(await asker.receive(), array(bulk("message"), bulk(key), bulk(result)));
  assertEquals(
    await asker.ask("UNSUBSCRIBE", key),
    array(bulk("unsubscribe"), bulk(key), number(0)),
  );
  assertEquals(
    await late.ask("MGET", key, "celery-task-meta-none"),
    array(bulk(result), "$-1\r\n"),
  );
  assertEquals(await late.ask("TTL", key), number(86400));
  assertEquals(await late.ask("DEL", key), number(1));
});

test("a chord's header is counted, and its parts are collected by order", async (connect) => {
  const worker = await connect();
  const [key, total] = ["celery-taskset-meta-9.j", "celery-taskset-meta-9.t"];
  for (const part of ["0", "1"]) {
    await transaction(
      worker,
      [
        ["ZADD", key, part, `result ${part}`],
        ["ZCOUNT", key, "-inf", "+inf"],
        ["GET", total],
        ["EXPIRE", key, "86400"],
        ["EXPIRE", total, "86400"],
      ],
      number(1),
      number(Number(part) + 1),
      "$-1\r\n",
      number(1),
      number(0),
    );
  }
  await transaction(
    worker,
    [["ZRANGE", key, "0", "-1"], ["DEL", key], ["DEL", total]],
    array(bulk("result 0"), bulk("result 1")),
    number(1),
    number(0),
  );
});

test("remote control: broadcasts reach every worker, replies come back by a list", async (connect) => {
  const [one, two, control] = [await connect(), await connect(), await connect()];
  const channel = "/0.celery.pidbox";
  for (const worker of [one, two]) {
    assertEquals(
      await worker.ask("PSUBSCRIBE", channel, "/0.celeryev/worker.*"),
      array(bulk("psubscribe"), bulk(channel), number(1)),
    );
    assertEquals(
      await worker.receive(),
      array(bulk("psubscribe"), bulk("/0.celeryev/worker.*"), number(2)),
    );
  }
  assertEquals(await control.ask("PUBLISH", channel, "ping"), number(2));
  assertEquals(await control.ask("PUBLISH", "/0.celeryev/worker.heartbeat", "beat"), number(2));
  assertEquals(await control.ask("PUBLISH", "/0.celeryev/task.sent", "nobody listens"), number(0));
  for (const worker of [one, two]) {
    assertEquals(
      await worker.receive(),
      array(bulk("pmessage"), bulk(channel), bulk(channel), bulk("ping")),
    );
    assertEquals(
      await worker.receive(),
      array(
        bulk("pmessage"),
        bulk("/0.celeryev/worker.*"),
        bulk("/0.celeryev/worker.heartbeat"),
        bulk("beat"),
      ),
    );
    assertEquals(await worker.ask("PING"), array(bulk("pong"), bulk("")));
  }
  control.queue("BRPOP", "reply.celery.pidbox", "0");
  await control.flush();
  const speaker = await connect();
  await blocked(speaker, 1);
  assertEquals(await speaker.ask("LPUSH", "reply.celery.pidbox", "pong"), number(1));
  assertEquals(await control.receive(), array(bulk("reply.celery.pidbox"), bulk("pong")));
});

test("a worker that dies while it waits takes no task with it", async (connect) => {
  const [dying, worker, client] = [await connect(), await connect(), await connect()];
  dying.queue("BRPOP", ...PRIORITIES, "0");
  await dying.flush();
  await blocked(client, 1);
  dying[Symbol.dispose]();
  await blocked(client, 0);
  worker.queue("BRPOP", ...PRIORITIES, "0");
  await worker.flush();
  await blocked(client, 1);
  assertEquals(await client.ask("LPUSH", "celery", "task"), number(1));
  assertEquals(await worker.receive(), array(bulk("celery"), bulk("task")));
});
