// What the documentation claims of the server, as far as a program can tell: commands that it shows
// in use, directives, and fields of INFO.

/** What a server has. */
export interface Known {
  /** In upper case; of a container, with its subcommands. */
  readonly commands: ReadonlyMap<string, readonly string[]>;
  readonly directives: ReadonlySet<string>;
  readonly infoFields: ReadonlySet<string>;
}

/** Words in capitals that are no commands: kinds of errors, formats, options told of by themselves. */
const OTHER_CAPITALS = new Set([
  "RO",
  "RW",
  "OW",
  "RM",
  "POST",
  "NONE",
  "ERR",
  "OOM",
  "NOAUTH",
  "WRONGTYPE",
  "DENIED",
  "FILE",
  "MISSING",
  "EMPTIED",
]);
/** Options of the programs that the documentation shows, which are no settings; NAME stands for any. */
const OTHER_OPTIONS = /^(help|version|config|name|allow-(read|write|net|env|sys|run|all))$/;
/** Settings that a file may have and that do nothing, on Redis neither: no server tells of them. */
const OLD_DIRECTIVES = new Set([
  "list-max-ziplist-entries",
  "list-max-ziplist-value",
  "lua-replicate-commands",
]);
/** Words with underscores that are no fields of INFO: what declarations of commands are made of. */
const FLAGS = /^(no|may|skip|allow|not|only|nondeterministic|movable|touches|variable|request)_/;

const SPAN = /`([^`\n]+)`/g;
const BLOCK = /```(\w*)\n([\s\S]*?)```/g;
const TABLE_ENTRY = /`([A-Z][A-Z-]*)`(?: \(((?:`[A-Z-]+` ?)+)\))?/g;

/** Claims of a page that are not true, each with the page's path. */
export function falseClaims(path: string, page: string, known: Known): string[] {
  const offences: string[] = [];
  const claim = (isTrue: boolean, what: string) => {
    if (!isTrue) offences.push(`${path} claims ${what}, which is not there`);
  };
  const command = (name: string, sub: string | undefined) => {
    const subcommands = known.commands.get(name);
    claim(subcommands !== undefined, `the command ${name}`);
    if (sub === undefined || subcommands === undefined || subcommands.length === 0) return;
    if (/^[A-Z-]+$/.test(sub)) claim(subcommands.includes(sub), `${name} ${sub}`);
  };
  for (const [, , block] of page.matchAll(BLOCK)) {
    for (const line of block.replaceAll("\\\n", " ").split("\n")) {
      const [, asked] = /\bredis-cli\b(?: -\w \S+)* ([A-Z].*)$/.exec(line) ?? [];
      if (asked !== undefined) {
        const [name, sub] = asked.split(" ");
        command(name, sub);
      }
      const [, served] = /\bmain\.ts serve\b(.*)$/.exec(line) ?? [];
      for (const name of optionsIn(served ?? "")) claim(isSetting(name, known), `--${name}`);
    }
  }
  const prose = page.replaceAll(BLOCK, "");
  const inParentheses = new Set<string>();
  for (const [entry, name, list] of prose.matchAll(TABLE_ENTRY)) {
    if (list === undefined) continue;
    for (const [sub] of list.matchAll(/[A-Z][A-Z-]*/g)) command(name, sub);
    for (const [, span] of entry.slice(name.length + 2).matchAll(SPAN)) inParentheses.add(span);
  }
  for (const [, span] of prose.matchAll(SPAN)) {
    const [, name, sub] = /^([A-Z][A-Z-]+)(?: (\S+).*)?$/.exec(span) ?? [];
    if (name !== undefined && !OTHER_CAPITALS.has(name) && !inParentheses.has(span)) {
      command(name, sub);
    }
    if (/^--\w/.test(span)) {
      const isOfBench = /bench/.test(path) || /performance/.test(path);
      for (const name of isOfBench ? [] : optionsIn(` ${span}`)) {
        claim(isSetting(name, known), `--${name}`);
      }
    }
    if (/^[a-z]+(-[a-z0-9]+)+$/.test(span) && DIRECTIVE_STEM.test(span)) {
      claim(known.directives.has(span) || OLD_DIRECTIVES.has(span), `the directive ${span}`);
    }
    if (/^[a-z0-9]+(_[a-z0-9]+)+$/.test(span) && !FLAGS.test(span) && !METRICS.test(span)) {
      claim(known.infoFields.has(span), `the field ${span} of INFO`);
    }
  }
  return offences;
}

/** How names of directives with a hyphen begin: other words have hyphens too. */
const DIRECTIVE_STEM =
  /^(acl|active|always|appendonly|appendfsync|auto|client|cluster|databases|enable|hash|io|key|latency|lazyfree|lfu|list|log|lua|masterauth|max|maxmemory|min|no|oom|proto|protected|rdb|repl|replica|requirepass|save|set|shutdown|slowlog|socket|stop|stream|tcp|tls|tracking|unix|zset)-/;

/** Metrics, and the program that has named them. */
const METRICS = /^redis_(?!(version|mode|build_id|git_.*)$)/;

function optionsIn(words: string): string[] {
  return Array.from(words.matchAll(/ --([a-z][a-z0-9-]*)/g), ([, name]) => name);
}

function isSetting(name: string, known: Known): boolean {
  return OTHER_OPTIONS.test(name) || known.directives.has(name);
}
