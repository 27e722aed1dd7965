/** What arrives by itself, such as messages of a subscription: it is taken in order when awaited. */

import { until } from "./until.ts";

export class Inbox<Item> {
  readonly items: Item[] = [];

  /** For the one who delivers. */
  readonly add = (item: Item): void => {
    this.items.push(item);
  };

  /** The next ones; waits for those that have not come. */
  async take(count: number): Promise<Item[]> {
    await until(
      `${count} have come, of which ${this.items.length}`,
      () => this.items.length >= count,
    );
    return this.items.splice(0, count);
  }
}
