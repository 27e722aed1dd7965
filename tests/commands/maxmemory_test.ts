// maxmemory: what is refused, in what words, and which keys stay.

import { comparison } from "../harness/comparison.ts";

comparison(
  "maxmemory and its policies",
  `
    CONFIG SET maxmemory-policy nosuch
    CONFIG SET maxmemory-samples 0
    CONFIG SET maxmemory-samples 7
    CONFIG GET maxmemory-samples
    CONFIG SET maxmemory-eviction-tenacity 101
    CONFIG SET maxmemory-eviction-tenacity -1
    CONFIG SET maxmemory-eviction-tenacity 33
    CONFIG GET maxmemory-eviction-tenacity
    CONFIG SET lazyfree-lazy-eviction maybe
    CONFIG SET lazyfree-lazy-eviction yes
    CONFIG GET lazyfree-lazy-eviction
    SET k v
    OBJECT FREQ k
    CONFIG SET maxmemory-policy allkeys-lfu
    SET k v
    OBJECT FREQ k
    OBJECT IDLETIME k

    # Nothing may go.
    CONFIG SET maxmemory-policy noeviction
    CONFIG SET maxmemory 1
    SET a b
    GET k
    DEL k
    MULTI
    SET a b
    GET k
    EXEC
    MULTI
    GET k
    EXEC
    EVAL "return redis.call('set', 'x', 'y')" 0
    EVAL "return redis.pcall('set', 'x', 'y')" 0
    EVAL "return redis.call('get', 'x')" 0
    EVAL "#!lua\nreturn 1" 0
    EVAL "#!lua flags=allow-oom\nreturn redis.call('set', 'x', 'y')" 0
    EVAL "#!lua flags=no-writes\nreturn redis.call('get', 'x')" 0
    APPEND x y
    LPUSH l a
    RPOP l
    PUBLISH a b
    FLUSHALL
    PING

    # What does not expire stays.
    CONFIG SET maxmemory-policy volatile-ttl
    SET a b EX 10
    CONFIG SET maxmemory 0
    SET a b EX 10
    SET c d
    CONFIG SET maxmemory 1
    DBSIZE
    EXISTS c
    EXISTS a
    SET a b
    CONFIG SET maxmemory-policy volatile-lru
    DBSIZE
    CONFIG SET maxmemory-policy allkeys-lru
    SET a b
    DBSIZE
    CONFIG SET maxmemory 0
    SET a b

    # A watched key that goes spoils the transaction.
    WATCH a
    @2 CONFIG SET maxmemory 1
    @2 PING
    @2 CONFIG SET maxmemory 0
    MULTI
    PING
    EXEC
  `,
);
