/**
 * Waiting until a server has nothing left to do.
 *
 * ```
 * what has been sent to it ─▶ the tick ─▶ slices of expiry, of lazy frees ─▶ clients that go on ─▶ settled
 *          ▲                                        └─────────── looked at after each turn ─────────┘
 *          └── nobody can tell what is on its way: turns in which nothing comes are taken for the end of it
 * ```
 */

import type { Server } from "../server/mod.ts";
import { after, holdProcess } from "../structures/real_time.ts";

/**
 * Turns in a row without anything that came. A client of the same process needs one to write what it
 * was told to, and what it wrote takes another one to be read.
 */
const SILENT_TURNS = 3;
/** Turns that output is waited for: a client that does not read may keep it for good. */
const MAX_WRITING_TURNS = 100;

/** Waits until what clients have sent is carried out, as far as that does not wait for anything. */
export function heard(server: Server): Promise<void> {
  return holding(() => untilIdle(server, SILENT_TURNS));
}

/** Has a server do what is due by its clock, and waits until all that follows from it is done. */
export function caughtUp(server: Server): Promise<void> {
  return holding(async () => {
    while (server.keyspace.isHeld && !server.shuttingDown) await turn();
    server.pause.update();
    server.blocking.update(server.now());
    server.upkeep.run();
    await untilIdle(server, 0);
  });
}

/** Keeps the process alive meanwhile, as nothing else of a server of a test does. */
async function holding(wait: () => Promise<void>): Promise<void> {
  const letGo = holdProcess();
  try {
    await wait();
  } finally {
    letGo();
  }
}

async function untilIdle(server: Server, silentTurns: number): Promise<void> {
  const { keyspace, stats } = server;
  let silent = 0;
  for (let turns = 0; silent < silentTurns || isBusy(server, turns < MAX_WRITING_TURNS); turns++) {
    const { reads } = stats;
    await keyspace.lazyFree.drained();
    await turn();
    silent = stats.reads === reads ? silent + 1 : 0;
  }
}

function isBusy(
  { eviction, keyspace, links, shuttingDown, upkeep }: Server,
  waitsForOutput: boolean,
): boolean {
  if (shuttingDown) return false;
  if (keyspace.isHeld || upkeep.isCollecting || eviction.isUnderWay) return true;
  if (keyspace.lazyFree.pending > 0 || keyspace.arena.hasFreedChains) return true;
  for (const link of links) {
    if (!link.isQuiet && (waitsForOutput || !link.isWriting)) return true;
  }
  return false;
}

/** Lets everything that is ready have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => after(0, resolve));
}
