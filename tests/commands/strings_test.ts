import { comparison } from "../harness/comparison.ts";

comparison(
  "GET and SET",
  `
  GET missing
  SET k v
  GET k
  SET k 123
  GET k
  SET k v2 NX
  SET other v NX
  SET other w XX GET
  GET other
  SET k v EX 0
  SET k v EX abc
  SET k v PX 9223372036854775807
  SET k v EX 10 PX 20
  SET k v KEEPTTL EX 10
  SET k
  GET
  GET a b
  SET k v NX XX
  `,
);
