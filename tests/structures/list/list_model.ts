// A list beside an array: the same changes to both, and what must hold after them.

import { assert, assertEquals } from "@std/assert";
import { Arena } from "../../../structures/arena/arena.ts";
import { List, ListEncoding, type ListLimits } from "../../../structures/list/list.ts";

/** Bytes of a text of one byte a character. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export class ListAndModel {
  readonly arena: Arena;
  readonly limits: ListLimits;
  readonly list: List;
  readonly startBytes: number;
  model: string[] = [];

  constructor(maxListpackSize: number, arena = new Arena(), compressDepth = 0) {
    this.arena = arena;
    this.startBytes = arena.usedBytes;
    this.limits = { maxListpackSize, compressDepth };
    this.list = new List(arena, this.limits);
    this.list.create();
  }

  push(atHead: boolean, text: string): void {
    const bytes = latin1(`<${text}>`);
    this.list.prepare(1, text.length);
    if (atHead) this.list.pushFirst(bytes, 1, text.length);
    else this.list.pushLast(bytes, 1, text.length);
    if (atHead) this.model.unshift(text);
    else this.model.push(text);
  }

  /** Takes one element out at an end, as a pop does. */
  pop(atHead: boolean): void {
    const { list, model } = this;
    assertEquals(atHead ? list.seekFirst() : list.seekLast(), model.length > 0);
    if (model.length === 0) return;
    assertEquals(this.current(), atHead ? model.shift() : model.pop());
    if (atHead) list.removeFirst();
    else list.removeLast();
    list.compact();
  }

  insert(index: number, behind: boolean, text: string): void {
    const bytes = latin1(text);
    this.list.prepare(1, bytes.length);
    assertEquals(this.list.seek(index), index < this.model.length);
    if (index >= this.model.length) return;
    this.list.insertAtCursor(behind, bytes, 0, bytes.length);
    this.model.splice(index + (behind ? 1 : 0), 0, text);
  }

  replace(index: number, text: string): void {
    const bytes = latin1(text);
    this.list.prepare(1, bytes.length);
    assertEquals(this.list.seek(index), index < this.model.length);
    if (index >= this.model.length) return;
    this.list.replaceAtCursor(bytes, 0, bytes.length);
    this.list.compact();
    this.model[index] = text;
  }

  removeRange(index: number, count: number): void {
    const from = Math.min(index, this.model.length);
    const removed = this.model.splice(from, count).length;
    this.list.removeRange(from, removed);
    this.list.compact();
  }

  removeEqual(text: string, limit: number, backwards: boolean): void {
    const bytes = latin1(text);
    let removed = 0;
    while (removed < limit) {
      const at = backwards ? this.model.lastIndexOf(text) : this.model.indexOf(text);
      if (at < 0) break;
      this.model.splice(at, 1);
      removed++;
    }
    assertEquals(this.list.removeEqual(bytes, 0, bytes.length, limit, backwards), removed);
    this.list.compact();
  }

  current(): string {
    const { bytes, start, length } = this.list.element;
    const own = bytes.subarray(start, start + length);
    return Array.from(own, (byte) => String.fromCharCode(byte)).join("");
  }

  /** Everything that can be checked without changing the list. */
  verify(): void {
    const { list, model } = this;
    list.verify();
    assertEquals(list.count, model.length);
    assertEquals(list.memoryBytes(), this.arena.usedBytes - this.startBytes);
    const upwards: string[] = [];
    for (let more = list.seekFirst(); more; more = list.next()) upwards.push(this.current());
    assertEquals(upwards, model);
    const downwards: string[] = [];
    for (let more = list.seekLast(); more; more = list.previous()) downwards.push(this.current());
    assertEquals(downwards.reverse(), model);
    assert(!list.onElement);
  }

  verifyIndexes(): void {
    const { list, model } = this;
    for (const [index, text] of model.entries()) {
      assert(list.seek(index));
      assertEquals(this.current(), text);
      assert(list.seek(index - model.length));
      assertEquals(this.current(), text);
    }
    assert(!list.seek(model.length) && !list.seek(-model.length - 1));
  }

  get isChain(): boolean {
    return this.list.encoding === ListEncoding.Quicklist;
  }

  end(): void {
    this.list.destroy();
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}
