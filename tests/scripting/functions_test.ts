// FUNCTION, FCALL and FCALL_RO beside redis-server: every subcommand, good and bad, and what functions
// can and cannot do. Libraries are written with single quotes, as the scripts' words are in double ones.

import { comparison } from "../harness/comparison.ts";

/** FUNCTION LOAD of a library, as a line of a script. */
function load(lua: string, name = "lib", options = ""): string {
  const text = `#!lua name=${name}\n${lua}`.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `FUNCTION LOAD ${options} "${text}"`;
}

/** The line that loads, or replaces, a library of one function, and those that call it. */
function calling(body: string, ...calls: readonly string[]): string {
  const lua = `redis.register_function('f', function(keys, args) ${body} end)`;
  return [load(lua, "one", "REPLACE"), ...calls.length === 0 ? ["FCALL f 0"] : calls].join("\n");
}

function each(bodies: readonly string[]): string {
  return bodies.map((body) => calling(body)).join("\n");
}

const ONE = "redis.register_function('f', function(keys, args) return args end)";

comparison(
  "FUNCTION LOAD: names, options, and what is there already",
  `
  FUNCTION LOAD
  FUNCTION LOAD x
  FUNCTION LOAD REPLACE
  FUNCTION LOAD foo x
  FUNCTION LOAD REPLACE x y
  FUNCTION LOAD ""
  FUNCTION LOAD "#!lua name=a"
  FUNCTION LOAD "#!\\n"
  FUNCTION LOAD "#!lua\\nreturn 1"
  FUNCTION LOAD "#!lua name=a b=c\\nreturn 1"
  FUNCTION LOAD "#!lua name=a name=b\\nreturn 1"
  FUNCTION LOAD "#!lua name=bad\\x00name\\nreturn 1"
  FUNCTION LOAD "#!lua name=a-b\\nreturn 1"
  FUNCTION LOAD "#!js name=a\\nreturn 1"
  FUNCTION LOAD "#!lua 'name=a\\nreturn 1"
  FUNCTION LOAD "#!LUA 'name=a'\\nreturn 1"
  FUNCTION LOAD "#!lua name=\\xff\\nreturn 1"
  ${load(ONE)}
  ${load(ONE)}
  ${load(ONE, "other")}
  ${load(ONE, "LIB")}
  ${load(ONE.replace("'f'", "'F'"), "other")}
  ${load(ONE, "lib", "REPLACE")}
  ${load(ONE, "lib", "replace REPLACE")}
  FCALL f 0 a
  FCALL F 0 a
  # a library that fails leaves the old one
  ${load("x", "lib", "REPLACE")}
  ${load("return 1", "lib", "REPLACE")}
  ${load("local nothing", "lib", "REPLACE")}
  FCALL f 0 still here
  ${load(ONE.replace("'f'", "'g'"), "lib", "REPLACE")}
  FCALL f 0
  FCALL g 0
  FUNCTION STATS
  ${load(ONE.replace("'f'", "'Mixed'"), "two")}
  FCALL MIXED 0 x
  fcall mixed 0 x
  FUNCTION LIST LIBRARYNAME two
  `,
);

comparison(
  "FUNCTION LOAD: what does not compile, and what fails while it is loaded",
  [
    "x =",
    "x",
    "\n\nlocal = 5",
    "return 'open",
    "x = 1",
    "local t = nil; t.x = 1",
    "\n\nlocal t = nil\nlocal u = t.x",
    "error('boom')",
    "redis.call('SET', 'x', 1)",
    "redis.pcall('SET', 'x', 1)",
    "redis.setresp(3)",
    "redis.set_repl(redis.REPL_ALL)",
    "redis.acl_check_cmd('get')",
    "redis.sha1hex('')",
    "redis.error_reply('x')",
    "return math.random()",
    "return string.format('x')",
    "return tostring(1)",
    "return pcall",
    "return KEYS",
    "return ARGV",
    "return _G",
    "return setmetatable",
    "for k in pairs({}) do end",
    "redis.nosuch()",
    "redis.nosuch = 1",
    "redis = 1",
    "redis.register_function = 1",
    "local r = redis; r.log = 1",
    "redis.log()",
    "redis.log('x', 'y')",
    "redis.log(77, 'y')",
    "redis.log(redis.LOG_DEBUG)",
    "local function f() return 1 + f() end f()",
    "while true do end",
    "local t = {} t[nil] = 1",
    "local a = 'x' + 1",
    "local a = {} .. 'x'",
    "local a = #5",
    "local a = {} < {}",
    "local a = nil; a()",
    "local a = {} a.b.c = 1",
    "local a = {} a:b()",
    "redis.register_function()",
    "redis.register_function(nil)",
    "redis.register_function('f')",
    "redis.register_function(1, 2, 3)",
    "redis.register_function({}, function() end)",
    "redis.register_function(nil, function() end)",
    "redis.register_function('f', nil)",
    "redis.register_function('f', 5)",
    "redis.register_function('a-b', function() end)",
    "redis.register_function('', function() end)",
    "redis.register_function('f\\0', function() end)",
    "redis.register_function({})",
    "redis.register_function{function_name='f'}",
    "redis.register_function{callback=function() end}",
    "redis.register_function{function_name=true}",
    "redis.register_function{callback='f'}",
    "redis.register_function{description={}}",
    "redis.register_function{flags='no-writes'}",
    "redis.register_function{flags={'no-reads'}}",
    "redis.register_function{flags={{}}}",
    "redis.register_function{[{}]=1}",
    "redis.register_function{[1]='f'}",
    "redis.register_function{'f', function() end}",
    "redis.register_function{colour='red'}",
    "redis.register_function{function_name='a b', callback=function() end}",
    "redis.register_function('f', function() end) redis.register_function('f', function() end)",
    "redis.register_function('f', function() end) local t = nil; t()",
    "redis.register_function('f', function() end) redis.nosuch()",
    "local function register(name) redis.register_function(name, function() end) end\nregister({})",
  ].map((lua) => load(lua)).join("\n") + "\nFUNCTION LIST\nFUNCTION STATS",
  { alone: true },
);

comparison(
  "FUNCTION LOAD: what is there while loading, and every way to register",
  `
  ${
    load(`
redis.log(redis.LOG_DEBUG, 'loading', 5)
local version, number = redis.REDIS_VERSION, redis.REDIS_VERSION_NUM
local levels = { redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING }
redis.register_function('positional', function(keys, args) return { keys, args } end)
redis.register_function{
  function_name = 'named', callback = function() return levels end,
  description = 'tells\\0levels', flags = { 'no-writes', 'ALLOW-OOM', 'allow-stale' },
}
redis.register_function{ FUNCTION_NAME = 'upper', CallBack = function() return 'in any case' end }
redis.register_function(12, function() return version == redis.REDIS_VERSION and number end)
redis.register_function{
  function_name = 'all_flags', callback = function() return 1 end,
  flags = { 'allow-cross-slot-keys', 'no-cluster', 'allow-stale', 'allow-oom', 'no-writes' },
}
redis.register_function{ function_name = 'no_flags', callback = function() end, flags = {} }
local function register(name, body) redis.register_function(name, body) end
register('by_another', function() return 'registered by a function' end)
return 5`)
  }
  FCALL positional 0
  FCALL positional 2 a b c d
  FCALL named 0
  FCALL_RO named 0
  FCALL upper 0
  FCALL all_flags 0
  FCALL no_flags 0
  FCALL by_another 0
  FCALL 12 0 => :${7 * 65536 + 2 * 256 + 4}
  FUNCTION STATS
  FUNCTION DELETE lib
  ${
    load(
      "redis.register_function{ function_name = 'f', callback = function() end, flags = { 'allow-oom', 'no-writes', 'allow-cross-slot-keys', 'no-cluster', 'allow-stale' } }",
    )
  }
  FUNCTION LIST
  FUNCTION LIST WITHCODE
  `,
);

comparison(
  "FUNCTION LIST, DELETE, FLUSH, STATS, KILL and their arguments",
  `
  FUNCTION
  FUNCTION NOSUCH
  FUNCTION LIST
  FUNCTION STATS
  FUNCTION STATS x
  FUNCTION KILL
  FUNCTION KILL x
  FUNCTION DELETE
  FUNCTION DELETE a b
  FUNCTION DELETE nosuch
  ${load(ONE, "lib_a")}
  ${load(ONE.replace("'f'", "'g'"), "lib_b")}
  FUNCTION LIST LIBRARYNAME lib_a
  FUNCTION LIST LIBRARYNAME LIB_A WITHCODE
  FUNCTION LIST withcode libraryname ?ib_b
  FUNCTION LIST LIBRARYNAME nosuch
  FUNCTION LIST LIBRARYNAME ""
  FUNCTION LIST LIBRARYNAME
  FUNCTION LIST WITHCODE WITHCODE
  FUNCTION LIST WITHCODE LIBRARYNAME
  FUNCTION LIST LIBRARYNAME a LIBRARYNAME b
  FUNCTION LIST what
  FUNCTION LIST "two\\x00parts"
  FUNCTION DELETE LIB_A
  FUNCTION DELETE lib_a
  FCALL f 0
  FUNCTION STATS
  FUNCTION FLUSH what
  FUNCTION FLUSH SYNC ASYNC
  FUNCTION FLUSH SYNC
  FUNCTION LIST
  ${load(ONE, "lib_a")}
  FUNCTION FLUSH async
  ${load(ONE, "lib_a")}
  FUNCTION FLUSH
  FUNCTION STATS
  ${load(ONE, "lib_a")}
  # flushing data leaves libraries
  FLUSHALL
  FLUSHDB
  FUNCTION LIST
  FCALL f 0 x
  FUNCTION DUMP x
  FUNCTION RESTORE
  FUNCTION RESTORE x
  FUNCTION RESTORE x what
  FUNCTION RESTORE x APPEND more
  FUNCTION RESTORE "" REPLACE
  `,
);

comparison(
  "FUNCTION LIST and STATS in RESP3",
  `
  FUNCTION STATS
  FUNCTION LIST
  ${
    load(
      "redis.register_function{function_name='f', callback=function() return {map={a=1}} end, flags={'no-writes', 'allow-oom'}}",
    )
  }
  FUNCTION LIST
  FUNCTION LIST WITHCODE LIBRARYNAME l*
  FUNCTION STATS
  FCALL f 0
  FCALL_RO f 0
  ${calling("redis.setresp(3) return {double=1.5}")}
  ${calling("redis.setresp(3) return redis.call('HGETALL', 'h')")}
  ${calling("return nil")}
  ${calling("return false")}
  ${calling("return true")}
  `,
  { resp3: true },
);

comparison(
  "FCALL: its arguments",
  `
  FCALL
  FCALL f
  FCALL f 0
  FCALL_RO f 0
  FCALL f x
  ${
    load(
      "redis.register_function('f', function(keys, args) return { #keys, keys, #args, args } end)",
    )
  }
  FCALL f
  FCALL f x
  FCALL f -1
  FCALL f 1
  FCALL f 1 a
  FCALL f 1 a b
  FCALL f 2 a
  FCALL f 0 a
  FCALL f 0
  FCALL f 1.5 a
  FCALL f "" a
  FCALL f 9223372036854775807 a
  FCALL f 9223372036854775808 a
  FCALL f -9223372036854775808 a
  FCALL f +1 a
  FCALL f 1 "\\x00\\xff" ""
  FCALL_RO f 0
  FCALL_RO f x
  FCALL_RO nosuch x
  COMMAND GETKEYS FCALL f 2 a b c
  COMMAND GETKEYS FCALL_RO f 1 a b
  COMMAND GETKEYS FCALL f 0
  COMMAND GETKEYSANDFLAGS FCALL f 1 a b
  COMMAND GETKEYSANDFLAGS FCALL_RO f 1 a b
  `,
);

comparison(
  "functions: what they answer",
  each([
    "return",
    "return 1",
    "return 3.99",
    "return -0.5",
    "return 'text'",
    "return true",
    "return false",
    "return nil",
    "return {1, 2, nil, 4}",
    "return {1, {2, {3, 'x'}}}",
    "return {ok = 'fine'}",
    "return {err = 'ERR bad'}",
    "return {err = 'bad'}",
    "return redis.status_reply('fine')",
    "return redis.error_reply('bad')",
    "return redis.error_reply('MY bad')",
    "return {double = 3.5}",
    "return 1, 2",
    "return redis.call('SET', 'k', 'v')",
    "return redis.call('GET', 'k')",
    "return redis.call('GET', 'nosuch')",
    "return redis.pcall('INCR', 'k')",
    "return redis.call('RPUSH', 'l', 1, 2, 3)",
    "return redis.call('LRANGE', 'l', 0, -1)",
    "return redis.sha1hex('')",
    "return function() end",
    "return keys",
    "keys[1] = 'x' return keys",
  ]),
);

comparison(
  "functions: errors, and where they say they come from",
  each([
    "error('boom')",
    "error('boom', 0)",
    "error('boom', 2)",
    "error({err = 'ERR a table'})",
    "error({err = 'bad'})",
    "error()",
    "error(5)",
    "error(redis.error_reply('MY own'))",
    "\n\nlocal t = nil\nreturn t.x",
    "return nosuch",
    "nosuch = 1",
    "return keys.x.y",
    "return KEYS[1]",
    "return ARGV",
    "return redis.nosuch",
    "return redis.nosuch()",
    "redis.nosuch = 1",
    "return redis.call()",
    "return redis.call('NOSUCH')",
    "return redis.call('GET')",
    "return redis.call('GET', {})",
    "\nreturn redis.call('INCR', 'text')",
    "return redis.pcall('INCR', 'text')",
    "return redis.pcall('NOSUCH')",
    "return {redis.pcall('NOSUCH')}",
    "local ok, e = pcall(function() error('caught') end) return {tostring(ok), e}",
    "local ok, e = pcall(function() redis.call('NOSUCH') end) return {tostring(ok), e}",
    "local ok, e = pcall(redis.call, 'INCR', 'text') return e",
    "local function inner() error('inner') end\n\ninner()",
    "local function inner() return redis.call('NOSUCH') end\n\nreturn inner()",
    "return string.rep()",
    "return ('x'):bad()",
    "return tostring()",
    "return math.floor('x')",
    "return redis.register_function('g', function() end)",
    "return redis.setresp(5)",
    "return redis.call('FCALL', 'f', 0)",
    "return redis.call('FUNCTION', 'LIST')",
    "return redis.call('FUNCTION', 'FLUSH')",
    "return redis.call('EVAL', 'return 1', 0)",
    "return redis.call('MULTI')",
    "return redis.call('SUBSCRIBE', 'c')",
    "return redis.breakpoint()",
    "return redis.debug('x')",
    "return redis.replicate_commands()",
    "return redis.log(77, 'x')",
    "return os.time()",
    "return print('x')",
    "return dofile('x')",
    "return loadstring('return 5')()",
    "return load('x')",
    "string.rep = nil",
    "math.pi = 3",
    "_G.x = 1",
    "rawset(_G, 'x', 1)",
    "setmetatable(_G, {})",
    "getmetatable(_G).__index = nil",
    "return redis.set_repl(77)",
  ]).replace(/^/, "SET text abc\n"),
);

comparison(
  "functions: what redis-server 7.2.4 has otherwise than older ones",
  `
  ${
    calling(
      "getfenv().x = 1",
      "FCALL f 0 => -ERR user_function:2: Attempt to modify a readonly table script: f, on @user_function:2.",
    )
  }
  ${calling("setfenv(1, {}) return 1", "FCALL f 0 => :1")}
  ${
    calling(
      "return redis.set_repl()",
      "FCALL f 0 => -ERR redis.set_repl() requires one argument. script: f, on @user_function:2.",
    )
  }
  # commands that would wait, which older ones keep from scripts
  ${calling("return redis.call('BLPOP', 'nosuch', 0)", "FCALL f 0 => $-1")}
  ${calling("return redis.call('WAIT', 1, 0)", "FCALL f 0 => :0")}
  # redis-server ends by a crash
  ${calling("error({})", "FCALL f 0 => -ERR unknown error script: f, on @user_function:2.")}
  `,
);

comparison(
  "functions: what there is for them",
  `
  ${
    calling(
      "local names = {} for name in pairs(redis) do names[#names + 1] = name end table.sort(names) return names",
    )
  }
  ${
    calling(
      "local names = {} for name in pairs(_G) do if not (name:find('fenv') or name == 'newproxy') then names[#names + 1] = name end end table.sort(names) return names",
    )
  }
  ${
    calling(
      "return {tostring(redis.call ~= nil), type(cjson), type(cmsgpack), type(bit), type(struct), type(string), type(table), type(math), type(coroutine)}",
    )
  }
  ${
    calling(
      "return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING, redis.REPL_ALL, redis.REPL_AOF, redis.REPL_SLAVE, redis.REPL_REPLICA, redis.REPL_NONE}",
    )
  }
  ${calling("return cjson.encode({1, 2, {a = 'b'}})")}
  ${calling("return redis.acl_check_cmd('GET', 'x')")}
  ${calling("return {tostring(redis.set_repl(redis.REPL_ALL))}")}
  `,
);

comparison(
  "functions: what a library keeps from call to call",
  `
  ${
    load(`
local count, seen = 0, {}
local function next_count() count = count + 1 return count end
redis.register_function('count', function() return next_count() end)
redis.register_function('see', function(keys, args)
  seen[#seen + 1] = args[1]
  return seen
end)
redis.register_function('fail', function() count = 100 error('but it counts') end)`)
  }
  FCALL count 0
  FCALL count 0
  FCALL see 0 a
  FCALL see 0 b
  FCALL fail 0
  FCALL count 0
  # keys and arguments are new each time
  ${
    load(
      "local last redis.register_function('last', function(keys, args) local before = last last = args return before end)",
      "keep",
    )
  }
  FCALL last 0 a
  FCALL last 0 b
  FCALL last 0 c
  # another library of that name begins anew, and what it replaces is gone
  ${
    load(
      "local count = 0 redis.register_function('count', function() count = count + 1 return count end)",
      "lib",
      "REPLACE",
    )
  }
  FCALL count 0
  FCALL see 0 c
  # a coroutine goes on in the next call
  ${
    load(
      `local co
redis.register_function('begin', function(keys)
  co = coroutine.wrap(function(key)
    for i = 1, 3 do key = coroutine.yield(redis.call('INCRBY', key, i)) end
    error('it is over')
  end)
  return co(keys[1])
end)
redis.register_function('next', function(keys) return co(keys[1]) end)`,
      "turns",
    )
  }
  FCALL next 1 x
  FCALL begin 1 x
  FCALL next 1 x
  FCALL next 1 y
  FCALL next 1 y
  FCALL next 1 y
  MGET x y
  # a library that fails to load leaves the state of the old one
  ${
    load(
      "local count = 50 redis.register_function('count', function() return count end) redis.nosuch()",
      "lib",
      "REPLACE",
    )
  }
  FCALL count 0
  `,
);

comparison(
  "functions: flags",
  `
  ${
    load(`
local function register(name, flags)
  redis.register_function{ function_name = name, flags = flags, callback = function(keys, args)
    return redis.call(unpack(args))
  end }
end
register('plain', {})
register('reads', { 'no-writes' })
register('oom', { 'allow-oom' })
register('stale', { 'allow-stale' })
register('alone', { 'no-cluster' })
register('slots', { 'allow-cross-slot-keys' })
redis.register_function{ function_name = 'tries', flags = { 'no-writes' }, callback = function()
  return { redis.pcall('SET', 'x', 1), redis.pcall('GET', 'x'), redis.pcall('PUBLISH', 'c', 'm') }
end }`.replace("unpack(args)", "args[1], args[2], args[3]"))
  }
  FCALL plain 0 SET k v
  FCALL plain 0 GET k
  FCALL_RO plain 0 GET k
  FCALL reads 0 SET k v
  FCALL_RO reads 0 SET k v
  FCALL_RO reads 0 GET k
  FCALL reads 0 GET k
  FCALL tries 0
  FCALL reads 0 PUBLISH c m
  FCALL oom 0 SET k w
  FCALL stale 0 GET k
  FCALL alone 0 GET k
  FCALL slots 0 GET k
  # past the limit of memory
  CONFIG SET maxmemory 1
  FCALL plain 0 SET k v
  FCALL plain 0 GET k
  FCALL stale 0 GET k
  FCALL oom 0 SET k x
  FCALL oom 0 GET k
  FCALL reads 0 GET k
  FCALL reads 0 SET k v
  FCALL tries 0
  FCALL_RO plain 0 GET k
  FCALL_RO reads 0 GET k
  FCALL_RO oom 0 GET k
  FCALL nosuch 0
  ${load(ONE, "more")}
  FUNCTION RESTORE x
  FUNCTION LIST LIBRARYNAME x
  FUNCTION DELETE lib
  FUNCTION FLUSH
  CONFIG SET maxmemory 0
  `,
);

comparison(
  "functions that are built in",
  `
  ${
    load(
      "redis.register_function('log', redis.log) redis.register_function('register', redis.register_function)",
    )
  }
  FCALL log 0
  FCALL log 1 a b
  FCALL register 0
  FUNCTION STATS
  `,
);

comparison(
  "functions in transactions",
  `
  MULTI
  ${
    load(
      "redis.register_function('f', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)",
    )
  }
  FCALL f 1 n 5
  FCALL f 1 n x
  FCALL nosuch 0
  FCALL f
  FCALL_RO f 1 n 5
  EXEC
  MULTI
  ${
    load(
      "redis.register_function('f', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)",
    )
  }
  FCALL f 1 n 5
  FCALL f 1 n x
  FCALL nosuch 0
  FCALL_RO f 1 n 5
  FUNCTION LIST
  FUNCTION STATS
  FUNCTION DELETE lib
  FCALL f 1 n 5
  EXEC
  GET n
  # keys that a function changes are watched
  ${
    load(
      "redis.register_function('f', function(keys, args) return redis.call('SET', keys[1], args[1]) end)",
    )
  }
  WATCH w
  @2 FCALL f 1 w 1
  MULTI
  GET w
  EXEC
  `,
);

comparison(
  "libraries count as changes",
  `
  CONFIG RESETSTAT
  ${load(ONE)}
  FUNCTION DELETE nosuch
  FUNCTION DELETE lib
  FUNCTION FLUSH
  FUNCTION RESTORE x
  ${load("x")}
  ${
    load(
      "redis.register_function('f', function(keys, args) return redis.call('INFO', 'persistence'):match('changes_since_last_save:%d+') end)",
    )
  }
  FCALL f 0
  `,
  { alone: true },
);
