/** Files by Node. */

import fs from "node:fs";
import type { ByteSink, Files } from "../files.ts";

/** What a new file may be done with: all may read it, as with Redis's. */
const DEFAULT_MODE = 0o644;
const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** So long who writes to a terminal or pipe that is full waits before it tries again. */
const FULL_PIPE_WAIT_MS = 5;

const never = new Int32Array(new SharedArrayBuffer(4));

/** Another program may have had the pipe or terminal never wait. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}

function waiting<T>(action: () => T): T {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      Atomics.wait(never, 0, 0, FULL_PIPE_WAIT_MS);
    }
  }
}

function sink(descriptor: number): ByteSink {
  return { writeSync: (bytes) => waiting(() => fs.writeSync(descriptor, bytes)) };
}

function openToAppend(path: string) {
  const descriptor = fs.openSync(path, "a", DEFAULT_MODE);
  return { ...sink(descriptor), close: () => fs.closeSync(descriptor) };
}

function read(path: string, maxBytes: number): Uint8Array {
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  const descriptor = path === "-" ? STANDARD_INPUT : fs.openSync(path, "r");
  try {
    while (length < bytes.length) {
      const count = waiting(() => readSome(descriptor, bytes, length));
      if (count === 0) break;
      length += count;
    }
  } finally {
    if (descriptor !== STANDARD_INPUT) fs.closeSync(descriptor);
  }
  return bytes.subarray(0, length);
}

function readSome(descriptor: number, bytes: Uint8Array, at: number): number {
  try {
    return fs.readSync(descriptor, bytes, at, bytes.length - at, null);
  } catch (error) {
    // How Windows has the end of standard input.
    if (error instanceof Error && "code" in error && error.code === "EOF") return 0;
    throw error;
  }
}

function replace(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}`;
  const mode = modeOf(path);
  try {
    const descriptor = fs.openSync(temporary, "wx", mode);
    try {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(descriptor, bytes, at);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** A file with a password in it may be its owner's alone; it stays so. */
function modeOf(path: string): number {
  return (fs.statSync(path, { throwIfNoEntry: false })?.mode ?? DEFAULT_MODE) & 0o777;
}

function removeSocket(path: string): boolean {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return true;
  if (!found.isSocket()) return false;
  fs.rmSync(path, { force: true });
  return true;
}

export const files: Files = {
  standardOutput: sink(STANDARD_OUTPUT),
  standardError: sink(STANDARD_ERROR),
  openToAppend,
  read,
  names: (directory) => fs.readdirSync(directory),
  removeSocket,
  replace,
};
