/** The Lua that the cases of scripts run: what applications run, and what keeps a processor busy. */

/** A script of applications, with the arguments that it is measured with. */
export interface ApplicationScript {
  readonly name: string;
  /** Reads `KEYS` and `ARGV`. */
  readonly text: string;
  readonly key: string;
  readonly args: readonly string[];
}

const RANDOM = "__rand_int__";

export const APPLICATION_SCRIPTS: readonly ApplicationScript[] = [
  {
    name: "fixed_window",
    text: `local count = redis.call('INCR', KEYS[1])
if count == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
if count > tonumber(ARGV[2]) then
  return 0
end
return 1`,
    key: `window:${RANDOM}`,
    args: ["60000", "1000000"],
  },
  {
    name: "sliding_window",
    text: `local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local window = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - window)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], now, time[1] .. ':' .. time[2])
  redis.call('PEXPIRE', KEYS[1], window)
  return 1
end
return 0`,
    key: `log:${RANDOM}`,
    args: ["1000", "10"],
  },
  {
    name: "redlock_release",
    text: `if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('del', KEYS[1])
else
  return 0
end`,
    key: "lock",
    args: ["7b1f3f0c6d5e4a9bb0c1"],
  },
  {
    name: "compare_and_set",
    text: `if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  return 1
end
return 0`,
    key: "compared",
    args: ["the same", "the same"],
  },
];

/** The same scripts as the functions of a library. */
export const APPLICATION_LIBRARY = "#!lua name=bench\n" +
  APPLICATION_SCRIPTS.map(({ name, text }) =>
    `redis.register_function('${name}', function(KEYS, ARGV)\n${text}\nend)\n`
  ).join("");

/** Scripts that take time of their own, by what is told of them. */
export const BUSY_SCRIPTS: Readonly<Record<string, string>> = {
  "fib(27)": `local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end
return fib(27)`,
  "10 M additions": `local sum = 0
for i = 1, 10000000 do sum = sum + i end
return tostring(sum)`,
  "100,000 concatenations": `local text = ''
for i = 1, 100000 do text = text .. 'x' end
return #text`,
  "sort of 100,000": `local numbers, seed = {}, 42
for i = 1, 100000 do
  seed = (seed * 16807) % 2147483647
  numbers[i] = seed
end
table.sort(numbers, function(a, b) return a < b end)
return tostring(numbers[1])`,
  "gsub over 1 MB": `local text = string.rep('hello world ', 87382)
local _, count = string.gsub(text, 'o', '0')
return count`,
};

/** Functions of a large script. */
const STEPS = 48;

/** A script of about 8 KB, which differs from those of other numbers in every function. */
export function largeScript(number: number): string {
  const functions = Array.from({ length: STEPS }, (_, i) =>
    `local function step${i}(key, value)
  local current = tonumber(redis.call('GET', key) or '0') + ${number}
  if current > value * ${i + 1} then current = value end
  return current
end`);
  return `${functions.join("\n")}\nreturn step${number % STEPS}(KEYS[1], tonumber(ARGV[1]))`;
}

/** One of many short scripts that differ in a number, as programs make that put values into the text. */
export function numberedScript(number: number): string {
  return `local current = tonumber(redis.call('GET', KEYS[1]) or '0')
if current < ${number} then redis.call('SET', KEYS[1], ${number}) end
return current`;
}

export const ENDLESS = "while true do end";
