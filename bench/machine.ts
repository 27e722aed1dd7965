/** What a figure was measured on; without it a figure means nothing. */

import { processorName } from "./process_usage.ts";

export interface Machine {
  readonly os: string;
  readonly architecture: string;
  readonly processor: string;
  readonly cores: number;
  readonly deno: string;
}

export function thisMachine(): Machine {
  return {
    os: Deno.build.os,
    architecture: Deno.build.arch,
    processor: processorName(),
    cores: navigator.hardwareConcurrency,
    deno: Deno.version.deno,
  };
}

/** One line for the head of a table. */
export function machineLine({ processor, architecture, cores, deno, os }: Machine): string {
  return `${processor || architecture}, ${cores} cores, ${os}, Deno ${deno}`;
}
