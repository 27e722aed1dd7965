/** What a case is, and what it may use. */

import { ServerProcess } from "../server_processes.ts";
import type { ServerKind } from "../server_processes.ts";
import type { Measurement } from "./measurement.ts";
import type { ComparisonOptions } from "./options.ts";

export interface BenchCase {
  /** What `--only` takes: a name, or `group/name`. */
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** Starts servers, measures, reports, stops them. */
  run(context: CaseContext): Promise<void>;
}

export interface CaseContext {
  readonly options: ComparisonOptions;
  /** The servers to compare; Ravel is the first. */
  readonly kinds: readonly ServerKind[];
  report(measurement: Measurement): void;
  /** A line for whoever watches. */
  log(line: string): void;
}

/** The servers of one case, all running at once; those not being measured are idle. */
export class RunningServers implements AsyncDisposable {
  private constructor(readonly all: readonly ServerProcess[]) {}

  /** Starts one server of each kind. */
  static async start(
    kinds: readonly ServerKind[],
    directives: readonly string[] | ((kind: ServerKind) => readonly string[]) = [],
  ): Promise<RunningServers> {
    const started: ServerProcess[] = [];
    try {
      for (const kind of kinds) {
        const words = typeof directives === "function" ? directives(kind) : directives;
        started.push(await ServerProcess.start(kind, words));
      }
    } catch (error) {
      await new RunningServers(started)[Symbol.asyncDispose]();
      throw error;
    }
    return new RunningServers(started);
  }

  /** The servers in the order of a round: forwards and backwards in turn, so none is always first. */
  inRound(round: number): readonly ServerProcess[] {
    return round % 2 === 0 ? this.all : [...this.all].reverse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.all) await server[Symbol.asyncDispose]();
  }
}

/** Samples of one measurement while they are collected, a list for each server. */
export class Samples {
  readonly #lists: Partial<Record<ServerKind, number[]>> = {};

  add(kind: ServerKind, value: number): void {
    (this.#lists[kind] ??= []).push(value);
  }

  get lists(): Readonly<Partial<Record<ServerKind, readonly number[]>>> {
    return this.#lists;
  }
}
