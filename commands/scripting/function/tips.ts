/** What clients and proxies are told of the commands that change libraries: every shard has them. */
export const TO_ALL_SHARDS: readonly string[] = [
  "request_policy:all_shards",
  "response_policy:all_succeeded",
];
