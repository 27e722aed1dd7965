/**
 * What Redis does with clients that push, pop, wait, watch, publish and keep copies, in as few words
 * as it can be told: values are arrays and strings, and every list of clients is gone through.
 *
 * Each request answers the bytes that every client gets by it, whoever sent it.
 *
 * ```
 * one request ──▶ its reply, then what its sender is pushed by it
 *        └──────▶ keys that became lists ──▶ who waits for those, in order, runs its request again
 * ```
 */

const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

export const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const number = (n: number): string => `:${n}\r\n`;
const array = (items: readonly string[]): string => `*${items.length}\r\n${items.join("")}`;

type Words = readonly string[];

export class ModelClient {
  /** What it has been sent and not yet been checked for. */
  expected = "";
  readonly watched = new Set<string>();
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  isDirty = false;
  queue: Words[] | undefined;
  blocked: Words | undefined;
  /** What it is pushed while its own request runs: copies that are out of date come last. */
  stale = "";
  pushes = "";

  constructor(readonly resp: 2 | 3, readonly tracks: boolean) {}

  get subscriptions(): number {
    return this.channels.size + this.patterns.size;
  }

  get null(): string {
    return this.resp === 3 ? "_\r\n" : "$-1\r\n";
  }

  get nullArray(): string {
    return this.resp === 3 ? "_\r\n" : "*-1\r\n";
  }

  message(items: readonly string[]): string {
    return (this.resp === 3 ? ">" : "*") + array(items).slice(1);
  }
}

export class Model {
  readonly clients = new Set<ModelClient>();
  readonly #values = new Map<string, string | string[]>();
  /** Who waits, the first first. */
  readonly #waiting: ModelClient[] = [];
  readonly #copies = new Map<string, Set<ModelClient>>();
  #ready: string[] = [];
  #served: ModelClient | undefined;

  get waiting(): readonly ModelClient[] {
    return this.#waiting;
  }

  /** One request of a client that does not wait. */
  request(client: ModelClient, words: Words): void {
    this.#serve(client, () => this.#process(client, words));
    while (this.#ready.length > 0) this.#wake(this.#ready.splice(0));
  }

  /** CLIENT UNBLOCK. */
  unblock(client: ModelClient, withError: boolean): void {
    this.#stopWaiting(client);
    client.expected += withError
      ? "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"
      : client.nullArray;
  }

  gone(client: ModelClient): void {
    this.clients.delete(client);
    if (client.blocked !== undefined) this.#stopWaiting(client);
    for (const holders of this.#copies.values()) holders.delete(client);
  }

  #serve(client: ModelClient, run: () => string): void {
    this.#served = client;
    client.expected += run();
    client.expected += client.pushes + client.stale;
    client.stale = client.pushes = "";
    this.#served = undefined;
  }

  #process(client: ModelClient, words: Words): string {
    const [name] = words;
    if (client.resp === 2 && client.subscriptions > 0 && !/SUBSCRIBE|PING/.test(name)) {
      // Refused or not, EXEC ends what it was to end.
      if (name === "EXEC") this.#unwatch(client);
      const refusal = name === "EXEC" ? "EXECABORT Transaction discarded because of:" : "ERR";
      return `-${refusal} Can't execute '${name.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE ` +
        "/ PING / QUIT / RESET are allowed in this context\r\n";
    }
    if (name === "EXEC") return this.#exec(client);
    if (name === "DISCARD") return this.#discard(client);
    if (name === "MULTI") {
      if (client.queue !== undefined) return "-ERR MULTI calls can not be nested\r\n";
      client.queue = [];
      return "+OK\r\n";
    }
    if (client.queue !== undefined) {
      client.queue.push(words);
      return "+QUEUED\r\n";
    }
    return this.#run(client, words, true);
  }

  #exec(client: ModelClient): string {
    const { queue, isDirty } = client;
    if (queue === undefined) return "-ERR EXEC without MULTI\r\n";
    client.queue = undefined;
    this.#unwatch(client);
    if (isDirty) return client.nullArray;
    return array(queue.map((words) => this.#run(client, words, false)));
  }

  #discard(client: ModelClient): string {
    if (client.queue === undefined) return "-ERR DISCARD without MULTI\r\n";
    client.queue = undefined;
    this.#unwatch(client);
    return "+OK\r\n";
  }

  #unwatch(client: ModelClient): void {
    client.watched.clear();
    client.isDirty = false;
  }

  #run(client: ModelClient, words: Words, mayWait: boolean): string {
    const [name, key, ...rest] = words;
    switch (name) {
      case "PING":
        return client.resp === 2 && client.subscriptions > 0
          ? array([bulk("pong"), bulk("")])
          : "+PONG\r\n";
      case "WATCH":
        for (const each of words.slice(1)) client.watched.add(each);
        return "+OK\r\n";
      case "UNWATCH":
        this.#unwatch(client);
        return "+OK\r\n";
      case "SUBSCRIBE":
      case "UNSUBSCRIBE":
        return this.#subscribe(client, name.toLowerCase(), client.channels, words.slice(1));
      case "PSUBSCRIBE":
      case "PUNSUBSCRIBE":
        return this.#subscribe(client, name.toLowerCase(), client.patterns, words.slice(1));
      case "PUBLISH":
        return number(this.#publish(key, rest[0]));
      case "SET":
        this.#values.set(key, rest[0]);
        this.#changed(key);
        return "+OK\r\n";
      case "DEL":
        if (!this.#values.delete(key)) return number(0);
        this.#changed(key);
        return number(1);
      case "GET": {
        this.#remember(client, key);
        const value = this.#values.get(key);
        if (value === undefined) return client.null;
        return typeof value === "string" ? bulk(value) : WRONG_TYPE;
      }
      case "LLEN":
      case "LRANGE": {
        this.#remember(client, key);
        const list = this.#values.get(key) ?? [];
        if (typeof list === "string") return WRONG_TYPE;
        return name === "LLEN" ? number(list.length) : array(list.map(bulk));
      }
      case "LPUSH":
      case "RPUSH": {
        if (typeof this.#values.get(key) === "string") return WRONG_TYPE;
        for (const element of rest) this.#push(key, element, name === "LPUSH");
        this.#changed(key);
        return number(this.#values.get(key)!.length);
      }
      case "LPOP":
      case "RPOP": {
        const list = this.#values.get(key);
        if (list === undefined) return client.null;
        if (typeof list === "string") return WRONG_TYPE;
        return bulk(this.#pop(key, list, name === "LPOP"));
      }
      case "RENAME":
        return this.#rename(key, rest[0]);
      case "LMOVE":
      case "BLMOVE":
        return this.#move(client, words, mayWait);
      case "BLPOP":
      case "BRPOP":
        return this.#popFirst(client, words, mayWait);
      default:
        throw new Error(`the model knows no ${name}`);
    }
  }

  #rename(from: string, to: string): string {
    const value = this.#values.get(from);
    if (value === undefined) return "-ERR no such key\r\n";
    if (from === to) return "+OK\r\n";
    this.#values.set(to, value);
    this.#values.delete(from);
    if (typeof value !== "string") this.#becameList(to);
    this.#changed(from);
    this.#changed(to);
    return "+OK\r\n";
  }

  #move(client: ModelClient, words: Words, mayWait: boolean): string {
    const [name, from, to, popSide, pushSide] = words;
    const list = this.#values.get(from);
    if (typeof list === "string") return WRONG_TYPE;
    if (list === undefined) {
      return name === "BLMOVE" && mayWait ? this.#wait(client, words) : client.null;
    }
    if (typeof this.#values.get(to) === "string") return WRONG_TYPE;
    const element = popSide === "LEFT" ? list.shift()! : list.pop()!;
    this.#push(to, element, pushSide === "LEFT");
    this.#changed(to);
    if (list.length === 0) this.#values.delete(from);
    this.#changed(from);
    return bulk(element);
  }

  #popFirst(client: ModelClient, words: Words, mayWait: boolean): string {
    for (const key of words.slice(1, -1)) {
      const list = this.#values.get(key);
      if (list === undefined) continue;
      if (typeof list === "string") return WRONG_TYPE;
      return array([bulk(key), bulk(this.#pop(key, list, words[0] === "BLPOP"))]);
    }
    return mayWait ? this.#wait(client, words) : client.nullArray;
  }

  #push(key: string, element: string, atHead: boolean): void {
    let list = this.#values.get(key) as string[] | undefined;
    if (list === undefined) {
      this.#values.set(key, list = []);
      this.#becameList(key);
    }
    if (atHead) list.unshift(element);
    else list.push(element);
  }

  #pop(key: string, list: string[], atHead: boolean): string {
    const element = atHead ? list.shift()! : list.pop()!;
    if (list.length === 0) this.#values.delete(key);
    this.#changed(key);
    return element;
  }

  #wait(client: ModelClient, words: Words): string {
    client.blocked = words;
    this.#waiting.push(client);
    return "";
  }

  #stopWaiting(client: ModelClient): void {
    client.blocked = undefined;
    this.#waiting.splice(this.#waiting.indexOf(client), 1);
  }

  #becameList(key: string): void {
    if (this.#ready.includes(key)) return;
    if (this.#waiting.some((client) => awaits(client, key))) this.#ready.push(key);
  }

  #wake(keys: readonly string[]): void {
    for (const key of keys) {
      for (const client of this.#waiting.filter((client) => awaits(client, key))) {
        if (!Array.isArray(this.#values.get(key))) break;
        const words = client.blocked!;
        this.#stopWaiting(client);
        this.#serve(client, () => this.#run(client, words, true));
      }
    }
  }

  #changed(key: string): void {
    for (const client of this.clients) if (client.watched.has(key)) client.isDirty = true;
    for (const client of this.#copies.get(key) ?? []) {
      const push = client.message([bulk("invalidate"), array([bulk(key)])]);
      if (client === this.#served) client.stale += push;
      else client.expected += push;
    }
    this.#copies.delete(key);
  }

  #remember(client: ModelClient, key: string): void {
    if (!client.tracks) return;
    const holders = this.#copies.get(key) ?? new Set();
    this.#copies.set(key, holders.add(client));
  }

  #subscribe(client: ModelClient, kind: string, names: Set<string>, words: Words): string {
    return words.map((word) => {
      if (kind.includes("un")) names.delete(word);
      else names.add(word);
      return client.message([bulk(kind), bulk(word), number(client.subscriptions)]);
    }).join("");
  }

  #publish(channel: string, text: string): number {
    let receivers = 0;
    const send = (client: ModelClient, items: readonly string[]): void => {
      receivers++;
      if (client === this.#served) client.pushes += client.message(items.map(bulk));
      else client.expected += client.message(items.map(bulk));
    };
    for (const client of this.clients) {
      if (client.channels.has(channel)) send(client, ["message", channel, text]);
    }
    for (const client of this.clients) {
      for (const pattern of client.patterns) {
        if (!channel.startsWith(pattern.slice(0, -1))) continue;
        send(client, ["pmessage", pattern, channel, text]);
      }
    }
    return receivers;
  }
}

/** Whether a client waits for what a key may get. */
function awaits({ blocked }: ModelClient, key: string): boolean {
  if (blocked === undefined) return false;
  const keys = blocked[0] === "BLMOVE" ? [blocked[1]] : blocked.slice(1, -1);
  return keys.includes(key);
}
