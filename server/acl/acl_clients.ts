/** What becomes of clients when users change: they are asked anew what they may, or dropped. */

import type { Client } from "../execution/client.ts";
import type { ClientList } from "../execution/client_list.ts";
import type { HashedBytes } from "../../structures/key_map.ts";
import type { Topics } from "../pubsub/topics.ts";
import type { NamePattern } from "./patterns.ts";
import { opensChannel } from "./permission.ts";
import type { User } from "./user.ts";
import type { Users } from "./users.ts";

/** Who is subscribed to what. */
export interface Subscriptions {
  readonly channels: Topics;
  readonly patterns: Topics;
  readonly shardChannels: Topics;
  subscriptions(client: Client, topics: Topics): Iterable<HashedBytes>;
}

export class AclClients {
  readonly #clients: ClientList;
  readonly #users: Users;
  readonly #pubsub: Subscriptions;

  constructor(clients: ClientList, users: Users, pubsub: Subscriptions) {
    this.#clients = clients;
    this.#users = users;
    this.#pubsub = pubsub;
  }

  /** Has the clients follow users whose rules have changed. O(clients). */
  follow(isPasswordNeeded: boolean): void {
    for (const client of this.#clients) {
      client.followUser();
      client.followPassword(isPasswordNeeded);
    }
  }

  /** Drops the clients of users that are gone; the caller behind its reply. O(clients). */
  dropClientsOf(isGone: (client: Client) => boolean, caller: Client | undefined): void {
    for (const client of [...this.#clients]) if (isGone(client)) this.#drop(client, caller);
  }

  /**
   * Drops the clients of a user that are subscribed to what it may not be when it has become what
   * `changed` is. O(clients × subscriptions × patterns), and less where nothing is taken away.
   */
  dropSubscribers(user: User, changed: User, caller: Client | undefined): void {
    if (changed.selectors.some(({ allChannels }) => allChannels)) return;
    const left = changed.selectors.flatMap(({ channels }) => channels.items);
    const names = new Set(left.map(({ text }) => text));
    const isSuperset = user.selectors.every(({ allChannels, channels }) =>
      !allChannels && channels.items.every(({ text }) => names.has(text))
    );
    if (isSuperset) return;
    for (const client of [...this.#clients]) {
      if (client.user !== user || client.outputClass !== "pubsub") continue;
      if (!this.#maySubscribe(client, left)) this.#drop(client, caller);
    }
  }

  #maySubscribe(client: Client, open: readonly NamePattern[]): boolean {
    const { channels, patterns, shardChannels } = this.#pubsub;
    for (const topics of [patterns, channels, shardChannels]) {
      for (const { bytes, start, length } of this.#pubsub.subscriptions(client, topics)) {
        if (!opensChannel(open, topics === patterns, bytes, start, length)) return false;
      }
    }
    return true;
  }

  #drop(client: Client, caller: Client | undefined): void {
    if (this.#users.get(client.user.name) !== client.user) client.expel(this.#users.default);
    if (client === caller) client.closeAfterReply = true;
    else client.transport.close();
  }
}
