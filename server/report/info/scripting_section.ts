/**
 * INFO's part about scripts and functions: how many there are, and what memory they take. That of
 * compiled code and of Lua's values is V8's, which does not tell whose it is, so it is counted by the
 * bytes of the texts.
 */

import { bytesFields, type InfoSection } from "./info_section.ts";

/** What the part reads. */
export interface ScriptingSources {
  readonly scripting: {
    /** Scripts that EVALSHA finds. */
    readonly cachedScripts: number;
    /** What they take beside their compiled code: their texts, and what tells of them. */
    readonly cacheBytes: number;
    /** What the engine has for them, compiled code above all. */
    readonly engineBytes: number;
    /** Scripts that EVALSHA finds no more, as there were too many of EVAL. */
    readonly evictedScripts: number;
  };
  readonly functions: {
    readonly libraries: {
      readonly count: number;
      readonly functions: { readonly count: number };
      readonly ownBytes: number;
      readonly compiledBytes: number;
    };
  };
}

export function evictedScriptsPart({ scripting }: ScriptingSources): InfoSection {
  return { title: "Stats", fields: () => [["evicted_scripts", scripting.evictedScripts]] };
}

export function scriptingPart({ scripting, functions }: ScriptingSources): InfoSection {
  return {
    title: "Memory",
    fields() {
      const { cacheBytes, cachedScripts, engineBytes } = scripting;
      const { libraries } = functions;
      const { compiledBytes, ownBytes } = libraries;
      return [
        ...bytesFields("used_memory_lua", engineBytes),
        ["used_memory_vm_eval", engineBytes],
        ["used_memory_scripts_eval", cacheBytes],
        ["number_of_cached_scripts", cachedScripts],
        ["number_of_functions", libraries.functions.count],
        ["number_of_libraries", libraries.count],
        ["used_memory_vm_functions", compiledBytes],
        ...bytesFields("used_memory_vm_total", engineBytes + compiledBytes),
        ["used_memory_functions", ownBytes],
        ...bytesFields("used_memory_scripts", cacheBytes + ownBytes),
      ];
    },
  };
}
