// Publish and subscribe, as redis-server replies to it. Confirmations and messages come one a request
// here; streams of them are in tests/server/pubsub_test.ts.

import { comparison } from "../harness/comparison.ts";

const SUBSCRIPTIONS = `
  SUBSCRIBE a
  SUBSCRIBE a
  PSUBSCRIBE a*
  SUBSCRIBE ""
  SSUBSCRIBE a
  SSUBSCRIBE b
  PUNSUBSCRIBE nothing
  UNSUBSCRIBE nothing
  SUNSUBSCRIBE nothing
  UNSUBSCRIBE a
  PUNSUBSCRIBE
  UNSUBSCRIBE
  UNSUBSCRIBE
  PUNSUBSCRIBE
  SUNSUBSCRIBE b
  SUNSUBSCRIBE
  SUNSUBSCRIBE
  PING
  PING x
  SUBSCRIBE
  PSUBSCRIBE
  SSUBSCRIBE
  PUBLISH a
  PUBLISH a b c
  SPUBLISH a
  SUBSCRIBE "\\xff\\x00\\r\\n"
  PSUBSCRIBE "[\\xff]*"
  UNSUBSCRIBE "\\xff\\x00\\r\\n"
`;

comparison("subscriptions and their counts", SUBSCRIPTIONS);
comparison("subscriptions and their counts in RESP3", SUBSCRIPTIONS, { resp3: true });

comparison(
  "what a subscriber of RESP2 may call",
  `
  SUBSCRIBE a
  PING
  PING hello
  PING a b
  GET k
  CONFIG GET port
  CLIENT ID
  MULTI
  HELLO 3
  PUBLISH a b
  nonsense
  GET
  SSUBSCRIBE s
  UNSUBSCRIBE a
  PING
  GET k
  SUNSUBSCRIBE s
  GET k
  PING
  PSUBSCRIBE *
  RESET
  GET k
  PING
  SUBSCRIBE a
  QUIT
  `,
);

comparison(
  "what a subscriber of RESP3 may call",
  `
  SUBSCRIBE a
  PING
  PING hello
  GET k
  PUBSUB NUMSUB a
  UNSUBSCRIBE
  GET k
  `,
  { resp3: true },
);

comparison(
  "PUBLISH counts who gets a message",
  `
  PUBLISH a m
  @2 SUBSCRIBE a
  @3 SUBSCRIBE a
  PUBLISH a m
  @4 PSUBSCRIBE a*
  @5 PSUBSCRIBE *
  @4 PSUBSCRIBE ?
  PUBLISH a m
  PUBLISH b m
  SPUBLISH a m
  @6 SSUBSCRIBE a
  SPUBLISH a m
  PUBLISH "" m
  PUBLISH a ""
  @2 UNSUBSCRIBE
  PUBLISH a m
  `,
);

comparison(
  "PUBSUB",
  `
  PUBSUB CHANNELS
  @2 SUBSCRIBE a
  @2 SUBSCRIBE b
  @3 SUBSCRIBE a
  @3 PSUBSCRIBE p*
  @4 PSUBSCRIBE p*
  @4 SSUBSCRIBE s
  ~PUBSUB CHANNELS
  PUBSUB CHANNELS a*
  PUBSUB CHANNELS z
  PUBSUB CHANNELS a b
  PUBSUB NUMSUB
  PUBSUB NUMSUB a b c a
  PUBSUB NUMPAT
  PUBSUB NUMPAT x
  PUBSUB SHARDCHANNELS
  PUBSUB SHARDCHANNELS z*
  PUBSUB SHARDCHANNELS a b
  PUBSUB SHARDNUMSUB s a
  PUBSUB SHARDNUMSUB
  PUBSUB
  PUBSUB NOTHING
  `,
);

comparison(
  "subscriptions in a transaction",
  `
  MULTI
  SSUBSCRIBE a
  UNSUBSCRIBE
  EXEC
  CLIENT LIST TYPE nothing
  CLIENT KILL TYPE pubsub
  @2 SUBSCRIBE a
  CLIENT KILL TYPE pubsub
  PUBLISH a m
  `,
);

comparison(
  "COMMAND tells of the commands of publish and subscribe",
  `
  COMMAND INFO subscribe
  COMMAND INFO unsubscribe
  COMMAND INFO psubscribe
  COMMAND INFO punsubscribe
  COMMAND INFO ssubscribe
  COMMAND INFO sunsubscribe
  COMMAND INFO publish
  COMMAND INFO spublish
  `,
);
