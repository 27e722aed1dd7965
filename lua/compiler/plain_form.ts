/**
 * Writes a function as nested JavaScript, which V8 makes fast: it is entered at its beginning only.
 *
 * ```
 * function f1(self, r0, r1) {
 *   const u = self.upvalues, u0 = u[0];
 *   let r2, x, pc = 0;
 *   try {
 *     if (++M.depth > 128 || --M.budget < 0) M.pause();
 *     …
 *     L0: { … pc = 4; r2 = (x = f2(u0, r1)) instanceof Array ? x[0] : x; … }
 *     M.depth--; return r2;
 *   } catch (e) { throw unwind(e, self, pc, [r0, r1, r2]); }
 * }
 * ```
 */

import { catchText, placeText, returnText, upvaluesText, variablesFrom } from "./function_text.ts";
import type { CallNode, LoweredFunction, Node } from "./ir.ts";

/** @param maxDepth how many compiled functions may be on the native stack */
export function plainForm(lowered: LoweredFunction, maxDepth: number): string {
  const { parameters, isVararg, index, body } = lowered;
  const args = ["self", ...parameters, ...isVararg ? ["...va"] : []];
  const variables = variablesFrom(parameters.length, { ...lowered, isVararg: false });
  const head = `function f${index}(${args.join()}){`;
  const upvalues = upvaluesText(lowered);
  if (!canBeLeft(lowered)) {
    const declared = variables.length === 0 ? "" : `let ${variables.join()};`;
    return `${head}${upvalues}${declared}${simpleText(body)}}`;
  }
  const declared = `let ${[...variables, "x", "pc=0"].join()};`;
  const pause = isVararg
    ? `if((M.depth+=1)>${maxDepth}||(M.budget-=1+va.length)<0)M.pause();`
    : `if(++M.depth>${maxDepth}||--M.budget<0)M.pause();`;
  return `${head}${upvalues}${declared}try{${pause}${nodesText(body)}${catchText(lowered)}}`;
}

/** Whether a function calls, fails or loops; one that does not needs no trace of itself. */
function canBeLeft({ instructions }: LoweredFunction): boolean {
  return instructions.length > 1;
}

function nodesText(nodes: readonly Node[]): string {
  let text = "";
  for (const node of nodes) {
    text += nodeText(node);
    if (node.kind === "return" || node.kind === "break" || node.kind === "again") break;
  }
  return text;
}

/** The body of a function that counts no depth. */
function simpleText(nodes: readonly Node[]): string {
  let text = "";
  for (const node of nodes) {
    if (node.kind === "return") return `${text}return ${node.value};`;
    if (node.kind === "block") text += `L${node.label}:{${simpleText(node.body)}}`;
    else text += nodeText(node);
    if (node.kind === "break") return text;
  }
  return text;
}

function nodeText(node: Node): string {
  switch (node.kind) {
    case "plain":
      return node.text;
    case "failing":
      return `pc=${node.pc};${node.text}`;
    case "call":
      return `pc=${node.pc};${callText(node)}`;
    case "pause":
      return `if(${node.condition}){pc=${node.pc};${node.call};}`;
    case "block":
      return `L${node.label}:{${nodesText(node.body)}}`;
    case "loop":
      return `L${node.label}:for(;;){${nodesText(node.body)}}`;
    case "break":
      return `break L${node.label};`;
    case "again":
      return `continue L${node.label};`;
    case "breakIf":
      return `if(${node.condition})break L${node.label};`;
    case "return":
      return returnText(node.value);
  }
}

function callText({ expression, isSingle, place }: CallNode): string {
  switch (place.kind) {
    case "nowhere":
      return `${expression};`;
    case "one":
      return isSingle
        ? `${place.to}=${expression};`
        : `${place.to}=(x=${expression})instanceof Array?x[0]:x;`;
    case "all":
      return `${place.to}=${expression};`;
    case "truth":
      return `${place.to}=${place.negated ? `!(${expression})` : expression};`;
    case "break":
      return `if(${place.negated ? `!(${expression})` : expression})break L${place.label};`;
    case "several":
    case "return":
      return `x=${expression};${placeText(place)}`;
  }
}
