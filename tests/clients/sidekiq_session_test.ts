// What Sidekiq's clients, workers and poller say to Redis, as raw connections with exact replies:
// in RESP3, as its current versions do, with queues, schedules, heartbeats and statistics.

import { assertEquals } from "@std/assert";
import type { Peer } from "../harness/peer.ts";
import {
  array,
  blocked,
  bulk,
  number,
  OK,
  rawSession,
  transaction,
} from "../harness/raw_session.ts";

const NULL = "_\r\n";
const push = (...items: readonly string[]): string => `>${items.length}\r\n${items.join("")}`;

const IDENTITY = "web-1:4711:0d5e9c1b";

function test(name: string, body: (connect: () => Promise<Peer>) => Promise<void>): void {
  rawSession(`Sidekiq: ${name}`, async (peer) => {
    const hello = await peer.ask("HELLO", "3");
    assertEquals(hello.slice(0, 4), "%7\r\n");
  }, body);
}

/** Requests sent at once, without a transaction. */
async function pipeline(
  peer: Peer,
  requests: readonly (readonly string[])[],
  ...expected: readonly string[]
): Promise<void> {
  for (const request of requests) peer.queue(...request);
  await peer.flush();
  const replies: string[] = [];
  for (const _ of requests) replies.push(await peer.receive());
  assertEquals(replies, expected);
}

test("jobs are pushed in a pipeline and taken by workers that wait", async (connect) => {
  const [client, one, two] = [await connect(), await connect(), await connect()];
  for (const worker of [one, two]) {
    worker.queue("BRPOP", "queue:critical", "queue:default", "2");
    await worker.flush();
    await blocked(client, worker === one ? 1 : 2);
  }
  await pipeline(
    client,
    [
      ["SADD", "queues", "default"],
      ["LPUSH", "queue:default", "job 1", "job 2", "job 3"],
    ],
    number(1),
    number(3),
  );
  assertEquals(await one.receive(), array(bulk("queue:default"), bulk("job 1")));
  assertEquals(await two.receive(), array(bulk("queue:default"), bulk("job 2")));
  await transaction(
    client,
    [["SADD", "queues", "critical"], ["LPUSH", "queue:critical", "urgent"]],
    number(1),
    number(1),
  );
  const fetch = ["BRPOP", "queue:critical", "queue:default", "2"];
  assertEquals(await one.ask(...fetch), array(bulk("queue:critical"), bulk("urgent")));
  assertEquals(await one.ask(...fetch), array(bulk("queue:default"), bulk("job 3")));
  assertEquals(await one.ask("BRPOP", "queue:critical", "0.01"), NULL);
  assertEquals(await client.ask("EXISTS", "queue:default", "queue:critical"), number(0));
});

test("what a worker had not finished goes back when it is told to stop", async (connect) => {
  const worker = await connect();
  await worker.ask("LPUSH", "queue:default", "waiting");
  await pipeline(
    worker,
    [["RPUSH", "queue:default", "half done", "half done too"], ["RPUSH", "queue:low", "other"]],
    number(3),
    number(1),
  );
  const fetch = ["BRPOP", "queue:default", "queue:low", "2"];
  for (const job of ["half done too", "half done", "waiting"]) {
    assertEquals(await worker.ask(...fetch), array(bulk("queue:default"), bulk(job)));
  }
});

test("scheduled jobs are moved once they are due, each by one poller alone", async (connect) => {
  const [client, one, two] = [await connect(), await connect(), await connect()];
  const jobs = ["1700000001.5", "job a", "1700000002.25", "job b", "1700009999.0", "job late"];
  assertEquals(await client.ask("ZADD", "schedule", ...jobs), number(3));
  const due = ["ZRANGE", "schedule", "-inf", "1700000003.0", "BYSCORE", "LIMIT", "0", "1"];
  const dueInOldWords = ["ZRANGEBYSCORE", "schedule", "-inf", "1700000003.0", "LIMIT", "0", "1"];
  assertEquals(await one.ask(...due), array(bulk("job a")));
  assertEquals(await two.ask(...dueInOldWords), array(bulk("job a")));
  one.queue("ZREM", "schedule", "job a");
  two.queue("ZREM", "schedule", "job a");
  await Promise.all([one.flush(), two.flush()]);
  const removed = await Promise.all([one.receive(), two.receive()]);
  assertEquals(removed.toSorted(), [number(0), number(1)]);
  const winner = removed[0] === number(1) ? one : two;
  assertEquals(await winner.ask("LPUSH", "queue:default", "job a"), number(1));
  assertEquals(await one.ask(...dueInOldWords), array(bulk("job b")));
  assertEquals(await one.ask("ZREM", "schedule", "job b"), number(1));
  assertEquals(await one.ask(...due), array());
  assertEquals(await two.ask(...dueInOldWords), array());
  assertEquals(await client.ask("ZCARD", "schedule"), number(1));
  const score = array(array(bulk("job late"), ",1700009999\r\n"));
  assertEquals(await client.ask("ZRANGE", "schedule", "0", "0", "WITHSCORES"), score);
  assertEquals(await client.ask("ZRANGEBYSCORE", "schedule", "0", "+inf", "WITHSCORES"), score);
});

test("retries and the dead, of which old ones and too many are dropped", async (connect) => {
  const worker = await connect();
  assertEquals(await worker.ask("ZADD", "retry", "1700000030.125", "failing"), number(1));
  assertEquals(await worker.ask("ZSCORE", "retry", "failing"), ",1700000030.125\r\n");
  assertEquals(await worker.ask("ZINCRBY", "retry", "0.5", "failing"), ",1700000030.625\r\n");
  for (let i = 1; i <= 5; i++) {
    await transaction(
      worker,
      [
        ["ZADD", "dead", String(1700000000 + i), `dead ${i}`],
        ["ZREMRANGEBYSCORE", "dead", "-inf", "1700000001.5"],
        ["ZREMRANGEBYRANK", "dead", "0", "-4"],
      ],
      number(1),
      number(i === 1 ? 1 : 0),
      number(i === 5 ? 1 : 0),
    );
  }
  assertEquals(
    await worker.ask("ZREVRANGE", "dead", "0", "-1"),
    array(bulk("dead 5"), bulk("dead 4"), bulk("dead 3")),
  );
});

test("a heartbeat shows the process to all, and what it works on", async (connect) => {
  const [process, web] = [await connect(), await connect()];
  await transaction(
    process,
    [["DEL", `${IDENTITY}:work`], ["HSET", `${IDENTITY}:work`, "tid1", "job 1", "tid2", "job 2"], [
      "EXPIRE",
      `${IDENTITY}:work`,
      "60",
    ]],
    number(0),
    number(2),
    number(1),
  );
  await transaction(
    process,
    [
      ["SADD", "processes", IDENTITY],
      ["EXISTS", IDENTITY],
      ["HSET", IDENTITY, "info", "{}", "busy", "2", "beat", "1700000000.5", "quiet", "false"],
      ["EXPIRE", IDENTITY, "60"],
      ["RPOP", `${IDENTITY}-signals`],
    ],
    number(1),
    number(0),
    number(4),
    number(1),
    NULL,
  );
  assertEquals(await web.ask("SMEMBERS", "processes"), `~1\r\n${bulk(IDENTITY)}`);
  await pipeline(
    web,
    [["HMGET", IDENTITY, "busy", "quiet", "none"], ["HGETALL", `${IDENTITY}:work`]],
    array(bulk("2"), bulk("false"), NULL),
    `%2\r\n${["tid1", "job 1", "tid2", "job 2"].map(bulk).join("")}`,
  );
  await transaction(
    web,
    [["LPUSH", `${IDENTITY}-signals`, "TSTP"], ["EXPIRE", `${IDENTITY}-signals`, "60"]],
    number(1),
    number(1),
  );
  assertEquals(await process.ask("RPOP", `${IDENTITY}-signals`), bulk("TSTP"));
  await pipeline(
    process,
    [["SREM", "processes", IDENTITY], ["UNLINK", `${IDENTITY}:work`], ["UNLINK", IDENTITY]],
    number(1),
    number(1),
    number(1),
  );
});

test("who cleans up after lost processes is settled by a key that expires", async (connect) => {
  const [one, two] = [await connect(), await connect()];
  await one.ask("SADD", "processes", "gone:1", "gone:2", IDENTITY);
  await one.ask("HSET", IDENTITY, "info", "{}");
  assertEquals(await one.ask("SET", "process_cleanup", "1", "NX", "EX", "60"), OK);
  assertEquals(await two.ask("SET", "process_cleanup", "1", "NX", "EX", "60"), NULL);
  const processes = ["gone:1", "gone:2", IDENTITY];
  await pipeline(
    one,
    processes.map((name) => ["HGET", name, "info"]),
    NULL,
    NULL,
    bulk("{}"),
  );
  assertEquals(await one.ask("SREM", "processes", "gone:1", "gone:2"), number(2));
  assertEquals(await one.ask("SCARD", "processes"), number(1));
});

test("statistics of a day, in one transaction, and a lock for a unique job", async (connect) => {
  const worker = await connect();
  const [processed, failed] = ["stat:processed:2026-11-26", "stat:failed:2026-11-26"];
  for (let i = 1; i <= 2; i++) {
    await transaction(
      worker,
      [
        ["INCRBY", "stat:processed", "7"],
        ["INCRBY", processed, "7"],
        ["EXPIRE", processed, "157680000"],
        ["INCRBY", "stat:failed", "1"],
        ["INCRBY", failed, "1"],
        ["EXPIRE", failed, "157680000"],
      ],
      number(7 * i),
      number(7 * i),
      number(1),
      number(i),
      number(i),
      number(1),
    );
  }
  assertEquals(await worker.ask("MGET", processed, "stat:none"), array(bulk("14"), NULL));
  assertEquals(await worker.ask("SETEX", "unique:abc", "600", "jid"), OK);
  assertEquals(await worker.ask("TTL", "unique:abc"), number(600));
  assertEquals(await worker.ask("GETDEL", "unique:abc"), bulk("jid"));
  assertEquals(await worker.ask("GETDEL", "unique:abc"), NULL);
});

test("a subscriber in RESP3 goes on using its connection", async (connect) => {
  const [leader, other] = [await connect(), await connect()];
  assertEquals(
    await leader.ask("SUBSCRIBE", "sidekiq:events"),
    push(bulk("subscribe"), bulk("sidekiq:events"), number(1)),
  );
  assertEquals(await other.ask("PUBLISH", "sidekiq:events", "pause default"), number(1));
  assertEquals(
    await leader.receive(),
    push(bulk("message"), bulk("sidekiq:events"), bulk("pause default")),
  );
  assertEquals(await leader.ask("SADD", "paused", "default"), number(1));
  leader.queue("PUBLISH", "sidekiq:events", "to myself");
  await leader.flush();
  const both = [await leader.receive(), await leader.receive()];
  assertEquals(
    both.toSorted(),
    [number(1), push(bulk("message"), bulk("sidekiq:events"), bulk("to myself"))].toSorted(),
  );
  leader.queue("BRPOP", "queue:default", "0");
  await leader.flush();
  await blocked(other, 1);
  assertEquals(await other.ask("PUBLISH", "sidekiq:events", "while waiting"), number(1));
  assertEquals(
    await leader.receive(),
    push(bulk("message"), bulk("sidekiq:events"), bulk("while waiting")),
  );
  assertEquals(await other.ask("LPUSH", "queue:default", "job"), number(1));
  assertEquals(await leader.receive(), array(bulk("queue:default"), bulk("job")));
});
