/**
 * Writes a function flat, so that it can be entered where it was left. Made only for functions that
 * were, and slower than the plain form; the instructions are the same.
 *
 * ```
 * function(self, state, registers, x) {
 *   let r0 = registers[0], r1 = registers[1], r2 = registers[2], pc = state;
 *   try {
 *     M.depth++;
 *     for (;;) switch (state) {
 *       case 0:  …
 *                pc = 4; x = f2(u0, r1);
 *       case 4:  r2 = x instanceof Array ? x[0] : x;         ◀─ resumed with x
 *                …
 *                if (r2 === 1) { state = 17; continue; }     a break
 *                …
 *       case 17: …
 *     }
 *   } catch (e) { throw unwind(e, self, pc, [r0, r1, r2]); }
 * }
 * ```
 */

import { catchText, placeText, returnText, upvaluesText, variablesFrom } from "./function_text.ts";
import type { LoweredFunction, Node, Place } from "./ir.ts";

/** The expression of a function of the resumable form. */
export function resumableForm(lowered: LoweredFunction): string {
  const variables = variablesFrom(0, lowered);
  const restored = variables.map((name, at) => `${name}=registers[${at}],`).join("");
  const states = new States(lowered.instructions.length);
  return `(function(self,state,registers,x){${upvaluesText(lowered)}let ${restored}pc=state;` +
    `try{M.depth++;for(;;)switch(state){case 0:${nodesText(lowered.body, states)}}` +
    `${catchText(lowered)}})`;
}

/** Numbers of places that are no pcs: where loops begin, and what lies behind blocks and loops. */
class States {
  readonly #behind = new Map<number, number>();
  readonly #starts = new Map<number, number>();
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  /** Where the loop with this label begins. */
  start(label: number): number {
    let state = this.#starts.get(label);
    if (state === undefined) this.#starts.set(label, state = this.#next++);
    return state;
  }

  /** The place behind the block or loop with this label. */
  behind(label: number): number {
    let state = this.#behind.get(label);
    if (state === undefined) this.#behind.set(label, state = this.#next++);
    return state;
  }
}

function nodesText(nodes: readonly Node[], states: States): string {
  let text = "";
  for (const node of nodes) text += nodeText(node, states);
  return text;
}

function nodeText(node: Node, states: States): string {
  switch (node.kind) {
    case "plain":
      return node.text;
    case "failing":
      return `pc=${node.pc};${node.text}`;
    case "call":
      return `pc=${node.pc};x=${node.expression};case ${node.pc}:${placed(node.place, states)}`;
    case "pause":
      return `if(${node.condition}){pc=${node.pc};${node.call};}case ${node.pc}:`;
    case "block":
      return `${nodesText(node.body, states)}case ${states.behind(node.label)}:`;
    case "loop": {
      const start = states.start(node.label);
      return `case ${start}:${nodesText(node.body, states)}${goTo(start)}` +
        `case ${states.behind(node.label)}:`;
    }
    case "break":
      return goTo(states.behind(node.label));
    case "again":
      return goTo(states.start(node.label));
    case "breakIf":
      return `if(${node.condition}){${goTo(states.behind(node.label))}}`;
    case "return":
      return returnText(node.value);
  }
}

function placed(place: Place, states: States): string {
  if (place.kind !== "break") return placeText(place);
  const condition = place.negated ? "!holds(x)" : "holds(x)";
  return `if(${condition}){${goTo(states.behind(place.label))}}`;
}

function goTo(state: number): string {
  return `state=${state};continue;`;
}
