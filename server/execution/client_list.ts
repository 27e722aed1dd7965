/** The connected clients, in the order in which they came. */

import type { Client } from "./client.ts";

export class ClientList implements Iterable<Client> {
  readonly #clients = new Map<number, Client>();
  #lastId = 0;

  get size(): number {
    return this.#clients.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(client: Client): void {
    this.#clients.set(client.id, client);
  }

  remove(client: Client): void {
    this.#clients.delete(client.id);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#clients.values();
  }
}
