/** The process that the server runs in, and the machine below it. */

/** In bytes. */
export interface MemoryUsage {
  /** What the process has in main memory. */
  readonly rss: number;
  /** The runtime's heap: what it took of the system, and what of it holds objects. */
  readonly heapTotal: number;
  readonly heapUsed: number;
  /** What objects of the heap hold outside of it. */
  readonly external: number;
}

/** In microseconds since the process started. */
export interface CpuUsage {
  readonly user: number;
  readonly system: number;
}

export interface Process {
  readonly id: number;
  /** The words of the command line, without the program. */
  readonly args: readonly string[];
  /** What runs the program: "Deno", "Node", "Bun". */
  readonly runtimeName: string;
  /** What it waits for sockets and timers by, as its makers call it. */
  readonly eventLoop: string;
  /** How the program is started, as a user types it: "deno run --allow-net main.ts". */
  readonly invocation: string;
  /** Whether flags as `--allow-read` on the command line say what the program may do. */
  readonly takesPermissions: boolean;
  /**
   * As {@linkcode Process.invocation}, with permissions beside: by their kind the paths or addresses
   * that they are for, "" for all of them. `{ read: "a.conf" }` is
   * "deno run --allow-net --allow-read=a.conf main.ts".
   */
  invocationWith(permissions: Readonly<Record<string, string>>): string;
  /** "Linux", "Darwin", "Windows", … as `uname -s` names it. */
  readonly operatingSystem: string;
  /** "x86_64", "aarch64" */
  readonly architecture: string;
  /** The heap of objects: what it holds, garbage with it, and where its engine gives up, in bytes. */
  heap(): { readonly usedBytes: number; readonly limitBytes: number };
  /**
   * As {@linkcode Process.collectGarbage}, at once, without giving room back. Does nothing where it
   * cannot.
   */
  collectGarbageNow(): void;
  /** Names and versions of the runtime and its engine. */
  readonly versions: readonly (readonly [name: string, version: string])[];
  memoryUsage(): MemoryUsage;
  cpuUsage(): CpuUsage;
  /** Of the calling thread alone, in hundredths of a second. */
  threadCpuUsage(): CpuUsage;
  /** The machine's main memory, in bytes; undefined where that may not be asked. */
  systemMemoryBytes(): number | undefined;
  /** The system's version as `uname -r` tells it; undefined where that may not be asked. */
  systemRelease(): string | undefined;
  /** The program that runs the server; undefined where that is not known. */
  executable(): string | undefined;
  /**
   * Has the runtime collect all garbage of its heap, and give the room back to the system. Everything
   * else stands still meanwhile: some 5 ms for each MiB of small objects. Rejects where it cannot.
   */
  collectGarbage(): Promise<void>;
  /** Where relative paths start; undefined where that may not be asked. */
  workingDirectory(): string | undefined;
  /** Ends the process at once. */
  exit(code: number): never;
  /**
   * How many descriptors the process may have open; undefined where the runtime does not let it be
   * known.
   */
  descriptorLimit(): number | undefined;
  /**
   * Whether so many descriptors can be opened now: it is tried out, for some 20 µs each. Undefined
   * where it is not permitted to try.
   */
  hasFreeDescriptors(count: number): boolean | undefined;
}
