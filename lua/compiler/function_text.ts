/** What both forms of a function's JavaScript have in common. */

import type { LoweredFunction, Place } from "./ir.ts";

/** The names that a chunk's text has of the runtime. */
export const RUNTIME_NAMES = [
  "M",
  "F",
  "T",
  "NOTHING",
  "unwind",
  "allOf",
  "callable",
  "argumentTable",
  "putItems",
  "holds",
  "long",
  "sameText",
  "next",
  "nextOfPairs",
  "nextOfSequence",
  "site",
  "field",
  "setField",
  "moduloOf",
  "powerOf",
  "index",
  "setIndex",
  "add",
  "subtract",
  "multiply",
  "divide",
  "modulo",
  "power",
  "negate",
  "concat",
  "length",
  "equal",
  "less",
  "lessOrEqual",
  "forNumber",
] as const;

/** Names of the registers from one on, and of `...`. */
export function variablesFrom(first: number, lowered: LoweredFunction): string[] {
  const names: string[] = [];
  for (let at = first; at < lowered.registerCount; at++) names.push(`r${at}`);
  if (lowered.isVararg) names.push("va");
  return names;
}

/** Reads the upvalues into variables. */
export function upvaluesText({ upvalueCount }: LoweredFunction): string {
  if (upvalueCount === 0) return "";
  const names = Array.from({ length: upvalueCount }, (_, at) => `u${at}=u[${at}]`);
  return `const u=self.upvalues,${names.join()};`;
}

/** The end of both forms: everything that passes the function leaves its mark on it. */
export function catchText(lowered: LoweredFunction): string {
  return `}catch(e){throw unwind(e,self,pc,[${variablesFrom(0, lowered).join()}]);}`;
}

/** Ends the function with a value. */
export function returnText(value: string): string {
  // A value that is not ready yet is ready before the function counts as left.
  return /^[\w.]+$/.test(value) ? `M.depth--;return ${value};` : `x=${value};M.depth--;return x;`;
}

/** Puts what `x` holds, the results of a call, where they belong; breaks are the form's own. */
export function placeText(place: Exclude<Place, { kind: "break" }>): string {
  switch (place.kind) {
    case "nowhere":
      return "";
    case "one":
      return `${place.to}=x instanceof Array?x[0]:x;`;
    case "all":
      return `${place.to}=x;`;
    case "several": {
      const each = place.to.map((register, at) => `${register}=x[${at}];`).join("");
      const [first, ...rest] = place.to;
      const others = rest.map((register) => `${register}=undefined;`).join("");
      return `if(x instanceof Array){${each}}else{${first}=x;${others}}`;
    }
    case "truth":
      return `${place.to}=${place.negated ? "!" : ""}holds(x);`;
    case "return":
      return "M.depth--;return x;";
  }
}
