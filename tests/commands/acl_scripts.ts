// Questions about users and what they may do. acl_replies.json has what redis-server 7.2.4 answers, for
// the installed one may be older and say it in other words; it is written by
//
//     deno run --allow-all tests/harness/record_replies.ts tests/commands/acl_scripts.ts PROGRAM \
//       tests/commands/acl_replies.json
//
// How the lines are read is told in tests/harness/comparison.ts.

export const SCRIPTS: Readonly<Record<string, string>> = {
  "users and their rules": `
  ACL WHOAMI
  ACL USERS
  ACL LIST
  ACL GETUSER default
  ACL GETUSER nobody
  ACL SETUSER alice
  ACL GETUSER alice
  ACL SETUSER alice on >secret >secret >other ~a* ~b* %R~c %W~c %RW~d %r~e +get -GET +@read +config|GET +select|0 +SELECT|0
  ACL GETUSER alice
  ACL LIST
  ACL SETUSER alice <secret <secret
  ACL SETUSER alice <other nopass
  ACL GETUSER alice
  ACL SETUSER alice resetpass #2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b
  ACL SETUSER alice #2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25B
  ACL SETUSER alice #2bb8 !2bb8
  ACL SETUSER alice !2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b
  ACL SETUSER alice !2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b
  ACL SETUSER alice (+get ~x*) ( +set %W~y* ) ()
  ACL SETUSER alice "(+get ~z* &c)" "(allkeys allchannels allcommands)"
  ACL GETUSER alice
  ACL LIST
  ACL SETUSER alice (+get +nosuch)
  ACL SETUSER alice (+get
  ACL SETUSER alice (+get off)
  ACL SETUSER alice clearselectors
  ACL GETUSER alice
  ACL SETUSER alice reset
  ACL GETUSER alice
  ACL SETUSER alice allkeys ~x
  ACL SETUSER alice allkeys %R~x
  ACL SETUSER alice allkeys %X~x
  ACL SETUSER alice resetkeys ~x ~* allchannels &x
  ACL SETUSER alice allchannels resetchannels &x &x &y* resetkeys
  ACL GETUSER alice
  ACL SETUSER alice "~a b"
  ACL SETUSER alice "&a b" 
  ACL SETUSER alice "" skip-sanitize-payload ON
  ACL GETUSER alice
  ACL SETUSER alice nonsense
  ACL SETUSER alice "non\\nsense"
  ACL SETUSER alice +
  ACL SETUSER alice -
  ACL SETUSER alice +@
  ACL SETUSER alice +@nosuch
  ACL SETUSER alice +nosuch
  ACL SETUSER alice -nosuch
  ACL SETUSER alice +config|
  ACL SETUSER alice +config|nosuch
  ACL SETUSER alice +config|get|x
  ACL SETUSER alice +get|
  ACL SETUSER alice -select|0
  ACL SETUSER alice |
  ACL SETUSER alice %RR~x
  ACL SETUSER alice on off +get nonsense
  ACL GETUSER alice
  ACL SETUSER "a b" on
  ACL SETUSER "a\\x00b" on
  ACL SETUSER "b\\xff" on
  ACL LIST
  ACL USERS
  ACL DELUSER nobody alice alice
  ACL DELUSER default
  ACL DELUSER "b\\xff" default
  ACL USERS
  `,
  "rules about commands come back in their order": `
  ACL SETUSER u +@all -@dangerous +keys -get -@read +@read +config|get +config|set -config
  ACL GETUSER u
  ACL SETUSER u +config|get -config|get +config|get
  ACL GETUSER u
  ACL SETUSER u +client -client|kill -client|list +client|kill
  ACL GETUSER u
  ACL SETUSER u nocommands +@string +@hash -hset +hset -@hash
  ACL GETUSER u
  ACL SETUSER u +@ALL
  ACL GETUSER u
  ACL SETUSER u -select +select|1 +select|2 +select|a
  ACL GETUSER u
  ACL SETUSER u +select
  ACL GETUSER u
  ACL SETUSER u -@all +@fast -@fast
  ACL GETUSER u
  `,
  "who comes in, and how clients follow": `
  ACL SETUSER alice on >secret +@all -select +select|1 -@dangerous +acl ~a* &a*
  AUTH alice wrong
  AUTH wrong
  AUTH alice secret more
  @2 AUTH alice secret
  @2 ACL WHOAMI
  @2 SET a 1
  @2 SET b 1
  @2 MSET a1 1 b1 1
  @2 MGET a b
  @2 GET
  @2 SELECT 1
  @2 SELECT 2
  @2 SELECT
  @2 KEYS *
  @2 CONFIG GET port
  @2 CONFIG
  @2 CONFIG NOSUCH
  @2 NOSUCH
  @2 PUBLISH a x
  @2 PUBLISH b x
  @2 SPUBLISH b x
  @2 SUBSCRIBE b
  @2 PSUBSCRIBE a*
  @2 PUNSUBSCRIBE b*
  @2 PUNSUBSCRIBE a*
  @2 PSUBSCRIBE a?
  @2 SSUBSCRIBE a b
  @2 MULTI
  @2 SET a 2
  @2 SET b 2
  @2 EXEC
  @2 MULTI
  @2 SET a 3
  @2 INCR a
  ACL SETUSER alice -incr
  @2 EXEC
  @2 MULTI
  @2 SET a 3
  ACL SETUSER alice resetkeys
  @2 EXEC
  @2 GET a
  @2 RESET
  @2 ACL WHOAMI
  @2 HELLO 3 AUTH alice wrong
  @2 AUTH alice secret
  ACL SETUSER alice off
  @2 ACL WHOAMI
  @3 AUTH alice secret
  ACL SETUSER alice on nopass
  @3 AUTH alice anything
  CLIENT KILL USER nobody
  CLIENT KILL USER alice
  CONFIG SET requirepass x
  ACL GETUSER default
  @4 PING
  @4 HELLO 3
  @4 AUTH x
  @4 PING
  CONFIG SET requirepass ""
  ACL GETUSER default
  @5 PING
  ACL SETUSER default >y
  @5 PING
  @6 PING
  @6 AUTH y
  ACL SETUSER default nopass
  ACL SETUSER default off
  @7 PING
  @7 HELLO 2
  ACL SETUSER default on
  @7 PING
  @7 HELLO 2
  CONFIG GET requirepass
  `,
  "DRYRUN, CAT, GENPASS, LOG and bad calls": `
  ACL SETUSER u +get +set %R~r* %W~w* (+mset ~m*) (+config|get) (+select|1 ~n*) &c* +publish +subscribe +psubscribe
  ACL DRYRUN u GET r1
  ACL DRYRUN u GET w1
  ACL DRYRUN u SET w1 x
  ACL DRYRUN u SET r1 x
  ACL DRYRUN u SET w1 x GET
  ACL DRYRUN u MSET m1 x m2 y
  ACL DRYRUN u MSET m1 x n2 y
  ACL DRYRUN u CONFIG GET x
  ACL DRYRUN u CONFIG SET x y
  ACL DRYRUN u CONFIG
  ACL DRYRUN u CONFIG NOSUCH
  ACL DRYRUN u SELECT 1
  ACL DRYRUN u SELECT 2
  ACL DRYRUN u PUBLISH c x
  ACL DRYRUN u PUBLISH d x
  ACL DRYRUN u PSUBSCRIBE c*
  ACL DRYRUN u PSUBSCRIBE c d
  ACL DRYRUN u GET
  ACL DRYRUN u NOSUCH
  ACL DRYRUN nobody GET x
  ACL DRYRUN u AUTH x
  ACL DRYRUN u GET "\\xff"
  ACL DRYRUN u
  ACL CAT
  ~ACL CAT transaction
  ~ACL CAT TRANSACTION
  ACL CAT nosuch
  ACL CAT a b
  ACL GENPASS 0
  ACL GENPASS -1
  ACL GENPASS 4097
  ACL GENPASS x
  ACL GENPASS 1 2
  ACL LOG
  ACL LOG x
  ACL LOG 1 2
  ACL LOG RESET
  ACL LOG -1
  ACL NOSUCH
  ACL
  ACL LOAD
  ACL SAVE
  ACL LIST x
  ACL GETUSER
  ACL SETUSER
  ACL DELUSER
  `,
  "SORT looks at keys that nobody names": `
  RPUSH list 1 2
  MSET w1 2 w2 1
  ACL SETUSER default ~* resetkeys ~list ~w* %W~*
  SORT list
  SORT list BY w
  SORT list BY w*
  SORT list BY nosort GET w*
  SORT list GET #
  SORT_RO list BY w*
  SORT list LIMIT 0 x BY w*
  SORT list STORE other
  ACL SETUSER default %R~*
  SORT list BY w* GET w*
  `,
  "new users and channels": `
  CONFIG GET acl-pubsub-default
  CONFIG SET acl-pubsub-default allchannels
  ACL SETUSER u (+get)
  ACL GETUSER u
  ACL SETUSER u resetchannels
  ACL GETUSER u
  ACL SETUSER u reset
  ACL GETUSER u
  ~~CONFIG GET acl*
  CONFIG SET acllog-max-len -1
  CONFIG SET aclfile x
  `,
  "scripts": `
  ACL SETUSER default -set resetkeys ~a*
  EVAL "return redis.call('set', KEYS[1], 1)" 1 a
  EVAL "return redis.pcall('set', KEYS[1], 1)" 1 a
  EVAL "return redis.call('get', 'b')" 0
  EVAL "return redis.call('get', 'a')" 1 a
  EVAL "return redis.call('get', 'a')" 1 b
  EVAL "return {redis.acl_check_cmd('get', 'a'), redis.acl_check_cmd('get', 'b'), redis.acl_check_cmd('set', 'a', 1)}" 0
  EVAL "return redis.acl_check_cmd('nosuch')" 0
  ACL SETUSER default resetchannels &x
  EVAL "return redis.call('publish', 'y', 'z')" 0
  EVAL "return redis.call('publish', 'x', 'z')" 0
  `,
};
