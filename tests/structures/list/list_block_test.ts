// The block of a list: what a listpack of it is, and how seldom work at its ends moves its entries.

import { assert, assertEquals } from "@std/assert";
import { Arena, SEGMENT_MASK, SEGMENT_SHIFT } from "../../../structures/arena/arena.ts";
import { LIST_BLOCK_HEADER_BYTES, ListBlock } from "../../../structures/list/list_block.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { latin1, ListAndModel } from "./list_model.ts";

const TEXTS = ["", "a", "7", "-4096", "70000", "9223372036854775807", "x".repeat(63)]
  .concat(["y".repeat(64), "z".repeat(127), "w".repeat(4095), "v".repeat(5000)]);

function push(blocks: ListBlock, block: number, text: string, atFront: boolean): number {
  const need = blocks.draft(latin1(text), 0, text.length);
  const moved = blocks.room(block, atFront) >= need
    ? block
    : blocks.makeRoom(block, atFront, need, 0);
  assert(atFront ? blocks.prepend(moved, 2 ** 20, 99) : blocks.append(moved, 2 ** 20, 99));
  blocks.verify(moved);
  return moved;
}

Deno.test("list block: is written as the listpack of its entries, wherever they begin", () => {
  for (const atFront of [true, false]) {
    const arena = new Arena();
    const blocks = new ListBlock(arena);
    const listpacks = new Listpack(arena);
    let block = blocks.create(LIST_BLOCK_HEADER_BYTES, atFront);
    let listpack = listpacks.create();
    for (const text of TEXTS) {
      block = push(blocks, block, text, atFront);
      listpack = atFront
        ? listpacks.prepend(listpack, latin1(text), 0, text.length)
        : listpacks.append(listpack, latin1(text), 0, text.length);
      const total = listpacks.totalBytes(listpack);
      const written = new Uint8Array(total + 2).fill(7);
      assertEquals(blocks.writeListpack(block, written, 1), total + 1);
      const start = (listpack & SEGMENT_MASK) << 3;
      const expected = arena.bytes[listpack >>> SEGMENT_SHIFT].slice(start, start + total);
      assertEquals(written.slice(1, total + 1), expected);
      assertEquals([written[0], written[total + 1]], [7, 7]);
    }
    arena.free(block);
    arena.free(listpack);
    assertEquals(arena.usedBytes, new Arena().usedBytes);
  }
});

Deno.test("list block: a change moves the shorter side of it", () => {
  const blocks = new ListBlock(new Arena());
  let block = blocks.create(400, false);
  for (let i = 0; i < 20; i++) block = push(blocks, block, `e${i % 10}`, false);
  block = blocks.makeRoom(block, true, 40, 0);
  const first = blocks.first(block);
  const end = blocks.end(block);
  const need = blocks.draft(latin1("new"), 0, 3);

  blocks.insert(block, blocks.seek(block, 3), 0);
  assertEquals([blocks.first(block), blocks.end(block)], [first - need, end]);
  assertEquals(blocks.at, blocks.seek(block, 3));
  blocks.cut(block, blocks.seek(block, 3), 1);
  assertEquals([blocks.first(block), blocks.end(block)], [first, end]);
  assertEquals(blocks.at, blocks.seek(block, 3));

  blocks.draft(latin1("new"), 0, 3);
  blocks.insert(block, blocks.seek(block, 17), 0);
  assertEquals([blocks.first(block), blocks.end(block)], [first, end + need]);
  blocks.cut(block, blocks.seek(block, 17), 1);
  assertEquals([blocks.first(block), blocks.end(block)], [first, end]);
  assertEquals(blocks.at, blocks.seek(block, 17));
  assertEquals(blocks.cut(block, blocks.seek(block, 18), 9), 2);
  assertEquals(blocks.at, blocks.end(block));
  blocks.verify(block);
});

/**
 * Pushes and pops so that the length stays, and counts after how many of the pops the element that
 * follows was not where it had been put.
 */
function movesOf(list: ListAndModel, rounds: number, pushAtHead: boolean, popAtHead: boolean) {
  let moves = 0;
  for (let i = 0; i < rounds; i++) {
    if (popAtHead) list.list.seekFirst();
    else list.list.seekLast();
    const { bytes, start } = list.list.element;
    list.push(pushAtHead, `element ${10_000 + i}`);
    if (popAtHead) list.list.seekFirst();
    else list.list.seekLast();
    const isSame = pushAtHead === popAtHead ||
      (bytes === list.list.element.bytes && start === list.list.element.start);
    if (!isSame) moves++;
    list.pop(popAtHead);
  }
  return moves;
}

Deno.test("list: queues of any length move their elements seldom", () => {
  for (const length of [30, 300, 500, 2000]) {
    for (const pushAtHead of [true, false]) {
      const both = new ListAndModel(-2);
      for (let i = 0; i < length; i++) both.push(pushAtHead, `element ${10_000 + i}`);
      const rounds = 3000;
      const moves = movesOf(both, rounds, pushAtHead, !pushAtHead);
      // An eighth of a short list is spare, so it is moved once for as many pushes.
      const most = length === 30 ? rounds / 3 : rounds / 30;
      assert(moves <= most, `${moves} moves for a queue of ${length}`);
      both.verify();
      both.end();
    }
  }
});

Deno.test("list: work at both ends by turns moves the elements seldom", () => {
  for (const length of [300, 500]) {
    const both = new ListAndModel(-2);
    for (let i = 0; i < length; i++) both.push(false, `element ${10_000 + i}`);
    let moves = 0;
    for (let i = 0; i < 3000; i++) {
      both.list.seek(length >> 1);
      const { start } = both.list.element;
      both.push(i % 2 === 0, `element ${10_000 + i}`);
      both.list.seek((length >> 1) + (i % 2 === 0 ? 1 : 0));
      if (both.list.element.start !== start) moves++;
      both.pop(i % 2 === 0);
    }
    assert(moves < 200, `${moves} moves in a list of ${length}`);
    both.verify();
    both.end();
  }
});

Deno.test("list: a push and a pop by turns soon leave the blocks as they are", () => {
  for (const length of [1, 20, 400, 1000]) {
    for (const atHead of [true, false]) {
      const both = new ListAndModel(-2);
      for (let i = 0; i < length; i++) both.push(atHead, `element ${10_000 + i}`);
      let changes = 0;
      let usedBytes = both.arena.usedBytes;
      for (let i = 0; i < 400; i++) {
        if (i % 2 === 0) both.push(atHead, "one more");
        else both.pop(atHead);
        if (both.arena.usedBytes !== usedBytes) changes++;
        usedBytes = both.arena.usedBytes;
      }
      assert(changes <= 4, `${changes} changes of the blocks of a list of ${length}`);
      both.end();
    }
  }
});

Deno.test("list: as many empty elements as the widest blocks can count", () => {
  const elements = 70_000;
  for (const atHead of [true, false]) {
    const both = new ListAndModel(-5);
    both.list.prepare(elements, 0);
    assert(both.isChain);
    both.list.destroy();

    both.list.create();
    for (let i = 0; i < elements; i++) {
      both.list.prepare(1, 0);
      if (atHead) both.list.pushFirst(latin1(""), 0, 0);
      else both.list.pushLast(latin1(""), 0, 0);
    }
    both.list.verify();
    assertEquals(both.list.count, elements);
    both.end();
  }
});
